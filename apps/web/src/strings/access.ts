/** Sign-in and first run. */
export const access = {
  signInTitle: 'Sign in to Coreshift',
  name: 'Name',
  password: 'Password',
  signIn: 'Sign in',
  signingIn: 'Signing in',
  nameMissing: 'Give your name.',
  passwordMissing: 'Give your password.',
  wrong: 'Name or password is wrong.',
  sessionEnded: 'The session has ended. Sign in again to go on where you were.',
  noAccountYet: 'No account exists yet',
  noAccountYetText:
    'The server printed a one-time link when it started. Open it to create the first administrator. A new start of the server prints a new link.',
  firstRunTitle: 'Create the first administrator',
  firstRunText: 'This link works once. The account may do everything; more accounts can be made afterwards.',
  passwordHint: 'At least 10 characters. Length counts, not signs.',
  passwordTooShort: (length: number) => `${length} of at least 10 characters.`,
  nameHint: 'Letters, digits, dots, dashes, underscores or @.',
  nameInvalid:
    'Begin with a letter or digit; then letters, digits, dots, dashes, underscores or @, 64 at most.',
  createAdministrator: 'Create administrator',
  creating: 'Creating the account',
  linkIncomplete: 'The link is incomplete',
  linkIncompleteText: 'It has to contain the token that the server printed: copy the whole line.',
  alreadyDone: 'An administrator already exists',
  alreadyDoneText: 'The one-time link is used up. Sign in instead.',
  toSignIn: 'To sign-in',
}
