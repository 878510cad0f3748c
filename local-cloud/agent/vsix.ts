// Unpacks an extension's .vsix, as Azure DevOps does when one installs it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import JSZip from 'jszip';
import { readTask } from './task-definition.js';

interface Manifest {
  readonly contributions: readonly {
    readonly type: string;
    readonly properties: { readonly name?: string };
  }[];
}

/** @returns the folders of the tasks that it contributes, by the name that pipelines call them: "Patless@1". */
export async function unpackVsix(file: string, folder: string): Promise<Map<string, string>> {
  const zip = await JSZip.loadAsync(await readFile(file));
  for (const entry of Object.values(zip.files).filter(({ dir }) => !dir)) {
    const path = join(folder, entry.name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await entry.async('nodebuffer'));
  }
  const manifestText = await readFile(join(folder, 'extension.vsomanifest'), 'utf8');
  const { contributions } = JSON.parse(manifestText.replace(/^\uFEFF/, '')) as Manifest;
  const tasks = contributions
    .filter(({ type }) => type === 'ms.vss-distributed-task.task')
    .flatMap(({ properties }) => properties.name ?? []);
  // A contribution is one task, or a folder for each of its versions.
  const folders = Object.keys(zip.files).filter((name) =>
    tasks.some(
      (task) => name.startsWith(`${task}/`) && /^(?:[^/]+\/)?task\.json$/.test(name.slice(task.length + 1)),
    ),
  );
  const found = folders.map(async (name) => {
    const task = join(folder, dirname(name));
    const { name: taskName, version } = await readTask(task);
    return [`${taskName}@${version.Major}`, task] as const;
  });
  return new Map(await Promise.all(found));
}
