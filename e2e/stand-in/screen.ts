interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One screen with a bar above, unless the tests' environment says otherwise. */
const areas = JSON.parse(
  process.env['STAND_IN_SCREENS'] ?? '[{"x":0,"y":30,"width":1920,"height":1050}]',
) as Area[];
const displays = areas.map((workArea, id) => ({ id, workArea, bounds: workArea, scaleFactor: 1 }));

export const screen = {
  getAllDisplays: () => displays,
  getPrimaryDisplay: () => {
    const [first] = displays;
    if (!first) throw new Error('there is no screen');
    return first;
  },
};
