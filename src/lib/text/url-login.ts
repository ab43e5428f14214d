/**
 * Scheme, slashes and the user and password before the last `@` of a server's name, as browsers and Node read them; they
 * overlook line ends and tabs.
 */
const LOGIN = /^(\s*[a-z][a-z0-9+.-]*:[/\\\t\r\n]*)([^/?#\\]+)@/i

/** The user and password that stand in an address, as they are written there: `user:password`. Undefined without any. */
export const loginIn = (address: string): string | undefined => LOGIN.exec(address)?.[2]

/** The address with another login in the place of the one that it has. */
export const withLogin = (address: string, login: string): string =>
  address.replace(LOGIN, (_, scheme: string) => `${scheme}${login}@`)
