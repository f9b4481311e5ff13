meta:
  id: greenhouse
    endian: le
