;; Which masters lie within both distances of a probe. The bytes in near-module.ts are made of this text (test/unit/compare/photo/near.test.ts).
;; Memory: 0 DCT hash of the probe, 32 its image-hash, 32 bytes each; `dct` and `block` begin the hashes of the masters, 32 bytes each in the
;; same order; `out` takes an index and a distance (i32 each) for every master found. Gives the number found.
(module
  (memory (export "memory") 1)
  (func (export "near")
    (param $dct i32) (param $block i32) (param $count i32) (param $out i32) (param $mostDct i64) (param $mostBlock i64) (result i32)
    (local $at i32) (local $found i32) (local $from i32) (local $bits i64)
    (local $d0 i64) (local $d1 i64) (local $d2 i64) (local $d3 i64)
    (local.set $d0 (i64.load (i32.const 0)))
    (local.set $d1 (i64.load (i32.const 8)))
    (local.set $d2 (i64.load (i32.const 16)))
    (local.set $d3 (i64.load (i32.const 24)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $count)))
        (local.set $bits
          (i64.add
            (i64.add
              (i64.popcnt (i64.xor (local.get $d0) (i64.load (local.get $dct))))
              (i64.popcnt (i64.xor (local.get $d1) (i64.load offset=8 (local.get $dct)))))
            (i64.add
              (i64.popcnt (i64.xor (local.get $d2) (i64.load offset=16 (local.get $dct))))
              (i64.popcnt (i64.xor (local.get $d3) (i64.load offset=24 (local.get $dct)))))))
        (if (i64.le_u (local.get $bits) (local.get $mostDct))
          (then
            (local.set $from (i32.add (local.get $block) (i32.shl (local.get $at) (i32.const 5))))
            (if
              (i64.le_u
                (i64.add
                  (i64.add
                    (i64.popcnt (i64.xor (i64.load (i32.const 32)) (i64.load (local.get $from))))
                    (i64.popcnt (i64.xor (i64.load (i32.const 40)) (i64.load offset=8 (local.get $from)))))
                  (i64.add
                    (i64.popcnt (i64.xor (i64.load (i32.const 48)) (i64.load offset=16 (local.get $from))))
                    (i64.popcnt (i64.xor (i64.load (i32.const 56)) (i64.load offset=24 (local.get $from))))))
                (local.get $mostBlock))
              (then
                (i32.store (local.get $out) (local.get $at))
                (i32.store offset=4 (local.get $out) (i32.wrap_i64 (local.get $bits)))
                (local.set $out (i32.add (local.get $out) (i32.const 8)))
                (local.set $found (i32.add (local.get $found) (i32.const 1)))))))
        (local.set $dct (i32.add (local.get $dct) (i32.const 32)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (local.get $found)))
