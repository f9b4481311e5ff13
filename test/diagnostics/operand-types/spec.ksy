meta:
  id: greenhouse
instances:
  sum:
    value: 1 + "one"
  negation:
    value: not 5
  choice:
    value: 'true ? 1 : "one"'
  list:
    value: '[1, "one"]'
