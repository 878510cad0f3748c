// The host's own stream, where it looks for commands and masks.

export function print(text: string): void {
  process.stdout.write(text);
}

/** Writes to a pipe are asynchronous on POSIX; the callback of a later write says that the ones before are out. */
export function flushed(): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write('', (error) => (error ? reject(error) : resolve()));
  });
}
