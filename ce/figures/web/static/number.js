// Numbers: how they are written, ranges and ticks of axes, by the rules of ce.figures.evaluation.

const raised = (exponent) => String(exponent).replace(/./g, (character) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[character] ?? "⁻");

export function numberText(value, digits) {
  if (Number.isNaN(value)) return "undefined";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  const [mantissa, power] = size.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) return `${sign}${mantissa}×10${raised(exponent)}`;
  return sign + size.toFixed(Math.max(0, digits - 1 - exponent));
}

export function tickText(value, log = false) {
  const exponent = log && value > 0 ? Math.round(Math.log10(value)) : 0;
  if (log && (exponent <= -2 || exponent >= 4)) return `10${raised(exponent)}`;
  const text = numberText(value, 6);
  return text.includes(".") ? text.replace(/\.?0+(?=×|$)/, "") : text;
}

// Not by toLocaleString: its first call costs as much as a whole panel.
export const countText = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
export const stepsText = (count) => `${countText(count)} ${count === 1 ? "step" : "steps"}`;

function niceStep(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].map((factor) => factor * power).find((nice) => nice >= step * (1 - 1e-9));
}

export function ticks({ low, high, log = false }, most) {
  const found = [];
  if (log) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const last = Math.floor(Math.log10(high) + 1e-9);
    const stride = Math.max(1, Math.ceil((last - first + 1) / most));
    for (let power = last; power >= first; power -= stride) found.unshift(10 ** power);
    return found;
  }
  const step = niceStep((high - low) / most);
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + 1e-9 * step; at += 1) found.push(at * step);
  return found.length < 3 ? ticks({ low, high }, most + 1) : found; // fewer do not show a scale
}

const DECADES = 12;

export function limits(axis, log, values) {
  const seen = values.filter((value) => Number.isFinite(value) && (value > 0 || !log));
  if (!seen.length) seen.push(log ? 0.1 : 0, 1);
  let [bottom, top] = [Math.min, Math.max].map((most) => seen.reduce((a, b) => most(a, b)));
  let around;
  if (log) {
    const highest = Math.ceil(Math.log10(top) - 1e-9);
    const lowest = Math.floor(Math.log10(Math.max(bottom, top / 10 ** DECADES)) + 1e-9);
    around = [10 ** Math.min(lowest, highest - 1), 10 ** highest];
  } else {
    // Rounding alone is no difference.
    if (top - bottom <= 1e-9 * Math.max(Math.abs(bottom), Math.abs(top))) [bottom, top] = [bottom - 0.5, top + 0.5];
    const step = niceStep((top - bottom) / 5);
    around = [Math.floor(bottom / step + 1e-9) * step, Math.ceil(top / step - 1e-9) * step];
  }
  const given = (end) => end !== undefined && (end > 0 || !log);
  const low = given(axis.low) ? axis.low : around[0];
  const high = given(axis.high) ? axis.high : around[1];
  if (low < high) return { low, high, log };
  return given(axis.low)
    ? { low, high: log ? low * 10 : low + 1, log }
    : { low: log ? high / 10 : high - 1, high, log };
}

export function scale({ low, high, log = false }, from, to) {
  const warp = log ? Math.log10 : (value) => value;
  const back = log ? (value) => 10 ** value : (value) => value;
  const [start, stretch] = [warp(low), (to - from) / (warp(high) - warp(low))];
  const pixel = (value) => from + (warp(value) - start) * stretch;
  return { pixel, value: (at) => back(start + (at - from) / stretch), low, high, log };
}
