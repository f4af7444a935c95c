/** What people do to the colours and tones of a portrait, as changes of a sharp image; for the tests and for bench/compare.mjs. */

/** Gains of encoded channel values from one CIE daylight to another: as if a picture taken at 6,504 K were balanced for `kelvin`. */
function temperature(kelvin) {
  const linear = daylight(kelvin).map((value, channel) => value / daylight(6504)[channel]);
  return linear.map((value) => (value / linear[1]) ** (1 / 2.2));
}

/** Linear sRGB of a CIE daylight (en.wikipedia.org/wiki/Standard_illuminant#Computation); 4,000 to 25,000 kelvin. */
function daylight(kelvin) {
  const x =
    kelvin <= 7000
      ? -4.607e9 / kelvin ** 3 + 2.9678e6 / kelvin ** 2 + 99.11 / kelvin + 0.244063
      : -2.0064e9 / kelvin ** 3 + 1.9018e6 / kelvin ** 2 + 247.48 / kelvin + 0.23704;
  const y = -3 * x * x + 2.87 * x - 0.275;
  const [X, Z] = [x / y, (1 - x - y) / y];
  return [3.2406 * X - 1.5372 - 0.4986 * Z, -0.9689 * X + 1.8758 + 0.0415 * Z, 0.0557 * X - 0.204 + 1.057 * Z];
}

/** Another picture in colour or tone wherever it is compared with what it was made of. */
export const RESTYLES = {
  "black and white": (image) => image.greyscale(),
  "600 K warmer": (image) => image.linear(temperature(5904), [0, 0, 0]),
  "600 K cooler": (image) => image.linear(temperature(7104), [0, 0, 0]),
  "saturation 0.75": (image) => image.modulate({ saturation: 0.75 }),
  "saturation 1.25": (image) => image.modulate({ saturation: 1.25 }),
  "brightness 0.85": (image) => image.modulate({ brightness: 0.85 }),
  "brightness 1.15": (image) => image.modulate({ brightness: 1.15 }),
};

/** Stronger changes of tone. */
export const TONES = {
  "brightness 0.7": (image) => image.modulate({ brightness: 0.7 }),
  "contrast 0.6": (image) => image.linear(0.6, 51),
  "contrast 1.3": (image) => image.linear(1.3, -38),
};
