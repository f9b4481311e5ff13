meta:
  id: greenhouse
enums:
  plant:
    0x1_0000_0000_0000_0000: tomato
