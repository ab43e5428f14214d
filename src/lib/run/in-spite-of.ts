const MOST_ATTEMPTS = 10

/** Does work that fails for a reason of the moment anew at once, ten times at most; throws what it failed of otherwise. */
export const inSpiteOf = async <T>(isOfTheMoment: (error: unknown) => boolean, work: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !isOfTheMoment(error)) throw error
    }
  }
}
