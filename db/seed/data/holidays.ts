/** Days off that fall on another date each year, by their year. */
const easter: Readonly<Record<number, { friday: string; monday: string; ascension: string; whit: string }>> = {
  2025: { friday: "04-18", monday: "04-21", ascension: "05-29", whit: "06-09" },
  2026: { friday: "04-03", monday: "04-06", ascension: "05-14", whit: "05-25" },
  2027: { friday: "03-26", monday: "03-29", ascension: "05-06", whit: "05-17" },
  2028: { friday: "04-14", monday: "04-17", ascension: "05-25", whit: "06-05" },
};

const years = (run: (moving: (typeof easter)[number]) => readonly (readonly [string, string])[]) =>
  Object.entries(easter).flatMap(([year, moving]) => run(moving).map(([day, name]) => `${year}-${day} ${name}`));

/** Public holidays of Hesse, where the Halden Group sits. */
export const hesse: readonly string[] = years((e) => [
  ["01-01", "New Year's Day"],
  [e.friday, "Good Friday"],
  [e.monday, "Easter Monday"],
  ["05-01", "Labour Day"],
  [e.ascension, "Ascension Day"],
  [e.whit, "Whit Monday"],
  ["10-03", "German Unity Day"],
  ["12-25", "Christmas Day"],
  ["12-26", "Second day of Christmas"],
]);

/** Bank holidays of England that are the same every year or move with Easter. */
export const england: readonly string[] = years((e) => [
  ["01-01", "New Year's Day"],
  [e.friday, "Good Friday"],
  [e.monday, "Easter Monday"],
  ["12-25", "Christmas Day"],
  ["12-26", "Boxing Day"],
]);
