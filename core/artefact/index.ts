export * from './baseline-artefact';
export * from './hyperparameters';
