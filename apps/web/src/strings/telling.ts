/** A resize that a person asked to be told of. */
export const telling = {
  tellMe: 'Tell me when it ends',
  doNotTell: 'Do not tell me',
  look: 'Every step',
  putAway: 'Put away',
}
