meta:
  id: greenhouse
instances:
  warm:
    value: not cold
  cold:
    value: not warm
