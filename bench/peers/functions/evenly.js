export default (value, { by }) => {
  if (value % by) return [{ message: `${value} is not a multiple of ${by}` }];
};
