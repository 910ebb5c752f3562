/** Asked before a screen is left with something that was not sent. */
export const leaving = {
  title: 'Leave this screen?',
  stay: 'Stay here',
  leave: 'Leave without it',
}
