export default (list, { key }, { path }) => {
  const seen = new Map(),
    out = [];
  list.forEach((x, i) => {
    if (seen.has(x[key]))
      out.push({ message: `"${x[key]}" already used at index ${seen.get(x[key])}`, path: [...path, i, key] });
    else seen.set(x[key], i);
  });
  return out;
};
