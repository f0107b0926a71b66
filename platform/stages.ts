/** Where the platform is deployed. Yours stand here: `defineStages({ dev: { ... }, prod: { ... } })`. */
export { stages } from '../examples/stages';
