/** A person's name as written, and in the letters that user principal names allow. */
export interface PersonName {
  readonly first: string;
  readonly last: string;
  readonly asciiFirst: string;
  readonly asciiLast: string;
}

/** `First|Last` or `First|Last|ascii first|ascii last`. All people are invented. */
const NOTABLE = [
  "Jürgen|Müller|juergen|mueller",
  "Renée|Dubois|renee|dubois",
  "Aoife|O'Connor|aoife|oconnor",
  "Иван|Петров|ivan|petrov",
  "Łukasz|Wiśniewski|lukasz|wisniewski",
  "伟|王|wei|wang",
  "Søren|Ørsted|soren|orsted",
  "Anna-Lena|Groß|anna-lena|gross",
  "Ελένη|Παππά|eleni|pappa",
  "José María|Núñez|josemaria|nunez",
  "さくら|田中|sakura|tanaka",
  "Zoë|van der Berg|zoe|vanderberg",
  "Åsa|Lindström|asa|lindstrom",
  "Nguyễn|Thị Mai|nguyen|thimai",
  "D'Angelo|Rossi|dangelo|rossi",
  "Çağla|Yıldız|cagla|yildiz",
  "مريم|حداد|mariam|haddad",
  "Jean-Luc|L'Écuyer|jean-luc|lecuyer",
] as const;

const FIRST = [
  "Alice",
  "Bruno",
  "Carla",
  "Dimitri",
  "Elena",
  "Felix",
  "Greta",
  "Hugo",
  "Ines",
  "Jonas",
  "Katia",
  "Leon",
  "Mara",
  "Nils",
  "Olga",
  "Pablo",
  "Quentin",
  "Rosa",
  "Stefan",
  "Tamara",
  "Ulrich",
  "Vera",
  "Wanda",
  "Xavier",
  "Yasmin",
  "Zeno",
  "Amir",
  "Beatrix",
  "Cosmo",
  "Delia",
  "Emil",
  "Fatima",
  "Gideon",
  "Hanna",
  "Igor",
  "Joana",
  "Kofi",
  "Lydia",
  "Malik",
  "Noemi",
  "Oskar",
  "Priya",
  "Ravi",
  "Selma",
  "Tobias",
  "Uma",
  "Viktor",
  "Willa",
  "Yannis",
  "Zara",
] as const;

const LAST = [
  "Abbott",
  "Baumann",
  "Costa",
  "Dvorak",
  "Eriksen",
  "Fischer",
  "Grimaldi",
  "Hoffmann",
  "Ivanova",
  "Jansen",
  "Kowalski",
  "Lehmann",
  "Moreau",
  "Nakamura",
  "Okafor",
  "Pereira",
  "Quinn",
  "Richter",
  "Silva",
  "Tanner",
  "Ullmann",
  "Vargas",
  "Weber",
  "Xenakis",
  "Young",
  "Zimmermann",
  "Andersson",
  "Bianchi",
  "Carlsen",
  "Dietrich",
  "Egger",
  "Ferrari",
  "Gruber",
  "Haas",
  "Ilves",
  "Jovanovic",
  "Keller",
  "Lindgren",
  "Martinez",
  "Novak",
  "Olsen",
  "Patel",
  "Rahman",
  "Schneider",
  "Torres",
  "Urban",
  "Virtanen",
  "Winkler",
  "Yamada",
  "Zeller",
] as const;

const GERMAN = [
  "Jürgen|Müller|juergen|mueller",
  "Käthe|Schröder|kaethe|schroeder",
  "Günther|Weiß|guenther|weiss",
  "Björn|Köhler|bjoern|koehler",
  "Sören|Jäger|soeren|jaeger",
  "Anneliese|Vößing|anneliese|voessing",
  "Hans-Jörg|Bäcker|hans-joerg|baecker",
  "Ulrike|Grün-Höfer|ulrike|gruen-hoefer",
  "Rüdiger|Strauß|ruediger|strauss",
  "Bärbel|König|baerbel|koenig",
  "Jörg|Schäfer|joerg|schaefer",
  "Dörte|Kühn|doerte|kuehn",
] as const;

function parse(line: string): PersonName {
  const [first = "", last = "", asciiFirst, asciiLast] = line.split("|");
  return {
    first,
    last,
    asciiFirst: asciiFirst ?? first.toLowerCase(),
    asciiLast: asciiLast ?? last.toLowerCase(),
  };
}

/** How many distinct names `nameAt` has before it repeats them. */
export function distinctNames(german: boolean): number {
  return (german ? GERMAN.length : NOTABLE.length) + FIRST.length * LAST.length;
}

/**
 * The name of the n-th person: names that are hard to match come first, then all pairs of a long list, then the same names again
 * (`round` counts the repetitions, 0 at first).
 */
export function nameAt(index: number, german: boolean): PersonName & { readonly round: number } {
  const notable = german ? GERMAN : NOTABLE;
  const total = distinctNames(german);
  const at = index % total;
  const round = Math.floor(index / total);
  const line = notable[at];
  if (line !== undefined) return { ...parse(line), round };
  const pair = at - notable.length;
  // Walks the diagonals, so that neighbours share neither first nor last name.
  const first = FIRST[pair % FIRST.length] ?? "";
  const last = LAST[(pair + Math.floor(pair / FIRST.length)) % LAST.length] ?? "";
  return { ...parse(`${first}|${last}`), round };
}
