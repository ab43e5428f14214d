/** Creates rules over the API, as a person's script would. */
export const addRules = async (url: string, token: string, rules: readonly object[]): Promise<void> => {
  for (const rule of rules) {
    const response = await fetch(`${url}/api/v1/rules`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(rule),
    })
    if (response.status !== 201) throw new Error(`the rule was refused: ${await response.text()}`)
  }
}
