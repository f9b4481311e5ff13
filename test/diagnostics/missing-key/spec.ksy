meta:
  title: A greenhouse without a name
seq:
  - id: readings
    type: u1
    repeat: expr
  - id: sensor
    type:
      switch-on: readings
