/** Working minutes in business days and hours: "3 days 2 h". */
export function inWords(minutes: number, perDay: number): string {
  const whole = Math.round(minutes);
  if (whole < 60) return `${whole} min`;
  const days = Math.floor(whole / perDay);
  const hours = Math.floor((whole % perDay) / 60);
  if (days === 0) return `${hours} h`;
  return `${days} ${days === 1 ? "day" : "days"}${hours > 0 && days < 10 ? ` ${hours} h` : ""}`;
}
