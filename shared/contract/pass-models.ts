/** Among a token's procedures: it may ask models by way of Holdfast, in the wires of their providers. */
export const passModels = 'models.pass';
