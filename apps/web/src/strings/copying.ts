export const copying = {
  copied: 'Copied.',
  failed: 'The browser did not allow copying.',
}
