/** The password of whoever is signed in. */
export const ownPassword = {
  title: 'Password',
  elsewhere: 'You sign in at the identity provider: your password is set there.',
  change: 'Change password',
  present: 'Present password',
  next: 'New password',
  nextHint: 'At least 10 characters.',
  again: 'New password, once more',
  differs: 'This is not the same as above.',
  missing: 'This is needed.',
  othersEnd: 'Your other sessions end at once; this one goes on.',
  save: 'Set the new password',
  cancel: 'Cancel',
  changed: 'The new password is in force. Your other sessions have ended.',
}
