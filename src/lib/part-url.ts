/** In a checkout the sources run as they are; a package holds what `npm run build` made of them, in one folder. */
const FROM_SOURCE = import.meta.url.endsWith('.ts')

/**
 * Where a part of the program lies that runs by itself: a thread's or a process's first module. `name` is its path below
 * `src` without the ending, as in the list of `package/build.ts`.
 */
export const partUrl = (name: string): URL =>
  FROM_SOURCE
    ? new URL(`../${name}.ts`, import.meta.url)
    : new URL(`./${name.replaceAll('/', '-')}.cjs`, import.meta.url)
