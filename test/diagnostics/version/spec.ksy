meta:
  id: greenhouse
  ks-version: 0.99
