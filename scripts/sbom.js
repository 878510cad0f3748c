// The software bill of materials (CycloneDX 1.6) of the runtime packages: from the lock file alone, so that it is the same
// with every npm and at any time. `npm sbom --omit dev` leaves packages out that a development package needs, too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { runtimePackages } from './runtime-packages.js';

/** @param {string} root The project. @returns {string} JSON, without the serial number and the time that a document may have. */
export function sbom(root) {
  const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { direct, packages } = runtimePackages(root);
  const components = new Map(packages.map((one) => [one.path, component(one)]));
  const refs = (paths) => paths.map((path) => components.get(path).bomRef);

  const itself = component({ path: project.name, ...project }, Enums.ComponentType.Application);
  for (const ref of refs(direct)) itself.dependencies.add(ref);
  for (const { path, dependencies } of packages) {
    for (const ref of refs(dependencies)) components.get(path).dependencies.add(ref);
  }
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: itself }),
    components: new Models.ComponentRepository(components.values()),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function component({ path, name, version, license, integrity }, type = Enums.ComponentType.Library) {
  const [, group, bare] = /^(?:(@[^/]+)\/)?(.*)$/.exec(name);
  const made = new Models.Component(type, bare, { bomRef: path, version, ...(group && { group }) });
  made.licenses.add(new Models.SpdxLicense(license));
  // Without one it is not from the registry, and the registry's package of that name is something else.
  if (integrity !== undefined) {
    made.purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    const [, hash] = /^sha512-(.+)$/.exec(integrity);
    made.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(hash, 'base64').toString('hex'));
  }
  return made;
}
