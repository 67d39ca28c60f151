/**
 * @typedef {{ minute: number, heap: number, nodes: number, listeners: number, server: number }} Reading
 * What a page holds after a collection; `heap` and `server` in bytes.
 */

/** Of what was read first, a page that still fills its range grows; the rest tells. @param {readonly Reading[]} readings */
export function settled(readings) {
  return readings.slice(Math.floor(readings.length / 4));
}

/**
 * The slope of the straight line nearest to the readings, per hour, and as a share of their mean.
 * @param {readonly Reading[]} readings
 * @returns {Record<'heap' | 'nodes' | 'listeners' | 'server', { perHour: number, share: number }>}
 */
export function growthPerHour(readings) {
  /** @param {'heap' | 'nodes' | 'listeners' | 'server'} name */
  const of = (name) => {
    const points = readings.map((reading) => ({ x: reading.minute / 60, y: reading[name] }));
    const mean = {
      x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
      y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
    };
    const spread = points.reduce((sum, { x }) => sum + (x - mean.x) ** 2, 0);
    const perHour = spread === 0 ? 0 : points.reduce((sum, { x, y }) => sum + (x - mean.x) * (y - mean.y), 0) / spread;
    return { perHour, share: mean.y === 0 ? 0 : perHour / mean.y };
  };
  return { heap: of('heap'), nodes: of('nodes'), listeners: of('listeners'), server: of('server') };
}

/** Most that the page may grow by in an hour, as a share of what it holds; readings differ by about as much. */
const MOST_GROWTH = 0.05;

/**
 * Whether heap, nodes and listeners of the page stay as they are. Over less than an hour their growth in that time
 * counts: a slope through a few minutes is mostly noise.
 * @param {readonly Reading[]} readings
 */
export function isFlat(readings) {
  const { heap, nodes, listeners } = growthPerHour(readings);
  const hours = ((readings.at(-1)?.minute ?? 0) - (readings[0]?.minute ?? 0)) / 60;
  return [heap, nodes, listeners].every(({ share }) => share * Math.min(1, hours) <= MOST_GROWTH);
}
