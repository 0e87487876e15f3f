import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { gaps, type GraphPlaces, nodeSize } from './graph-places.ts';
import type { GraphShape } from './graph-shape.ts';

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  // Edges are drawn from side to side; only the places of nodes are taken.
  'elk.edgeRouting': 'POLYLINE',
  'elk.spacing.nodeNode': String(gaps.between),
  'elk.layered.spacing.nodeNodeBetweenLayers': String(gaps.layers),
  'elk.separateConnectedComponents': 'true',
  'elk.spacing.componentComponent': String(gaps.between),
  // What was first in the plan stays first, so that a plan that has grown looks like the one before.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
};

/** Of many parts nobody follows each edge: they are set closer, and found a place for in a third of the time. */
const manyParts = 150;
const forMany = {
  'elk.layered.thoroughness': '1',
  'elk.layered.nodePlacement.strategy': 'SIMPLE',
};

/** The graph as the library takes it. */
export const elkGraph = (shape: GraphShape): ElkNode => ({
  id: 'plan',
  layoutOptions: shape.names.length > manyParts ? { ...options, ...forMany } : options,
  children: shape.names.map((_name, index) => ({ id: String(index), ...nodeSize })),
  edges: shape.parents.flatMap((from, index) =>
    from.map((parent) => ({
      id: `${parent}-${index}`,
      sources: [String(parent)],
      targets: [String(index)],
    })),
  ),
});

export function placesIn({ children = [], width = 0, height = 0 }: ElkNode): GraphPlaces {
  return {
    x: Float64Array.from(children, (child) => child.x ?? 0),
    y: Float64Array.from(children, (child) => child.y ?? 0),
    width,
    height,
  };
}
