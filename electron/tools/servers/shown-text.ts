/** Letters that nobody sees, or that turn the order of others: what is hidden in them would be read by a model alone. */
const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;

/** What somebody else wrote, with everything in it that is not seen shown as such. */
export function shownText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(
      hidden,
      (letter) => `⟨U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`,
    );
}
