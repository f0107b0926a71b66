import { validationError } from '../../errors';

/** Families with NVMe disks of their own. Source: EC2's instance types with instance store volumes. */
const LOCAL_STORAGE = /^ml\.(g4dn|g5|g6e?|gr6|p3dn|p4de?|p5(e|en)?|trn\d\w*|i\d\w*|[cmr]\d[a-z]*d[a-z]*)\./;

/** Refuses a key for the volume of an instance type whose local disk has one of its own. */
export function checkVolumeKey(instanceType: string | undefined, key: string | undefined, member: string): void {
  if (key === undefined || instanceType === undefined || !LOCAL_STORAGE.test(instanceType)) return;
  throw validationError(
    `${member} is not supported for instance type ${instanceType}: its local instance storage is encrypted by a hardware module`,
  );
}
