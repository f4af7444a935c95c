/** Extensions that a master portrait may have, lower case. What the image library cannot read becomes a finding, not a silent skip. */
const IMAGE_EXTENSIONS: ReadonlySet<string> = new Set(
  [
    "jpg jpeg jpe jfif pjpeg pjp mpo png apng webp gif tif tiff avif heic heics heif heifs hif bmp dib jp2 j2k jpf jpx j2c jxl svg",
    "ico cur tga psd psb xcf jxr wdp hdp cr2 cr3 crw nef nrw arw sr2 srf dng raf orf rw2 pef srw x3f mrw",
  ].flatMap((line) => line.split(" ")),
);

/** True when the name ends like an image, in any case. @param name file name or path */
export function isImageName(name: string): boolean {
  const dot = name.lastIndexOf(".");
  return dot >= 0 && IMAGE_EXTENSIONS.has(name.slice(dot + 1).toLowerCase());
}

/** The name without its image extension; a name that has none stays whole (`anna@contoso.com`). */
export function withoutImageExtension(name: string): string {
  return isImageName(name) ? name.slice(0, name.lastIndexOf(".")) : name;
}
