// Answers a custom resource with the word that it was given, and any other event with the version of this asset.
exports.handler = async (event) => {
  if (event.ResponseURL === undefined) return { version: process.env.VERSION };
  const { StackId, RequestId, LogicalResourceId, ResponseURL, ResourceProperties } = event;
  const body = {
    Status: 'SUCCESS',
    PhysicalResourceId: 'greeting',
    StackId,
    RequestId,
    LogicalResourceId,
    Data: { Word: ResourceProperties.word },
  };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(body) });
};
