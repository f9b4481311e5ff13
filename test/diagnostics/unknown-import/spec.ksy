meta:
  id: greenhouse
  imports:
    - sensors/humidity
