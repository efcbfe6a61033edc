const two = (value: number) => String(value).padStart(2, '0');

/** A time as an input of the browser for date and time has it. */
export function localTime(time: Date): string {
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** The next time it is this late. */
export function nextAt(hour: number, now: Date): Date {
  const time = new Date(now);
  time.setHours(hour, 0, 0, 0);
  if (time <= now) time.setDate(time.getDate() + 1);
  return time;
}
