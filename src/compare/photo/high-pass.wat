;; A square picture without its low frequencies. The bytes in high-pass-module.ts are made of this text
;; (test/unit/compare/photo/high-pass.test.ts). Memory, in bytes: the picture as f32 at 0, row by row; means along rows at 20480, means of squares
;; at 40960, the result at 61440, one f64 for each column at 81920. Sides are at most 64; behind each of them is room for one number more.
;; Every sum is an f64 and is made in the same order as a loop over the picture would; two lines are taken side by side.
(module
  (memory (export "memory") 2)

  ;; Means of 2 radius + 1 values along each row, fewer at its ends, from `from` to `to`.
  (func $alongRows (param $from i32) (param $to i32) (param $side i32) (param $radius i32)
    (local $row i32) (local $line i32) (local $reach i32) (local $p i32) (local $q i32) (local $gone i32) (local $next i32)
    (local $end i32) (local $start i32) (local $shift i32) (local $sum v128) (local $count v128) (local $mean v128)
    (local.set $line (i32.shl (local.get $side) (i32.const 2)))
    (local.set $reach (i32.shl (local.get $radius) (i32.const 2)))
    (if (i32.gt_s (local.get $reach) (local.get $line)) (then (local.set $reach (local.get $line))))
    (local.set $gone (i32.sub (i32.const -4) (i32.shl (local.get $radius) (i32.const 2))))
    (block $done
      (loop $two
        (br_if $done (i32.ge_s (local.get $row) (local.get $side)))
        ;; The last row of an odd number is taken twice.
        (local.set $start (i32.add (local.get $from) (i32.mul (local.get $row) (local.get $line))))
        (local.set $next (select (local.get $line) (i32.const 0)
          (i32.lt_s (i32.add (local.get $row) (i32.const 1)) (local.get $side))))
        (local.set $shift (i32.sub (local.get $to) (local.get $from)))
        (local.set $end (i32.add (local.get $start) (local.get $line)))
        (local.set $sum (v128.const i64x2 0 0))
        (local.set $count (f64x2.splat (f64.convert_i32_s (i32.shr_s (local.get $reach) (i32.const 2)))))
        (local.set $p (local.get $start))
        (local.set $q (i32.add (local.get $start) (local.get $reach)))
        (block $begun
          (loop $begin
            (br_if $begun (i32.ge_s (local.get $p) (local.get $q)))
            (local.set $sum (f64x2.add (local.get $sum) (f64x2.promote_low_f32x4
              (v128.load32_lane 1 (i32.add (local.get $p) (local.get $next)) (v128.load32_zero (local.get $p))))))
            (local.set $p (i32.add (local.get $p) (i32.const 4)))
            (br $begin)))
        (local.set $p (local.get $start))
        (block $ended
          (loop $each
            (br_if $ended (i32.ge_s (local.get $p) (local.get $end)))
            (if (i32.lt_s (local.get $q) (local.get $end))
              (then
                (local.set $sum (f64x2.add (local.get $sum) (f64x2.promote_low_f32x4
                  (v128.load32_lane 1 (i32.add (local.get $q) (local.get $next)) (v128.load32_zero (local.get $q))))))
                (local.set $count (f64x2.add (local.get $count) (v128.const f64x2 1 1)))
                (local.set $q (i32.add (local.get $q) (i32.const 4)))))
            (if (i32.ge_s (i32.add (local.get $p) (local.get $gone)) (local.get $start))
              (then
                (local.set $sum (f64x2.sub (local.get $sum) (f64x2.promote_low_f32x4
                  (v128.load32_lane 1
                    (i32.add (i32.add (local.get $p) (local.get $gone)) (local.get $next))
                    (v128.load32_zero (i32.add (local.get $p) (local.get $gone)))))))
                (local.set $count (f64x2.sub (local.get $count) (v128.const f64x2 1 1)))))
            (local.set $mean (f32x4.demote_f64x2_zero (f64x2.div (local.get $sum) (local.get $count))))
            (v128.store32_lane 0 (i32.add (local.get $p) (local.get $shift)) (local.get $mean))
            (v128.store32_lane 1
              (i32.add (i32.add (local.get $p) (local.get $shift)) (local.get $next)) (local.get $mean))
            (local.set $p (i32.add (local.get $p) (i32.const 4)))
            (br $each)))
        (local.set $row (i32.add (local.get $row) (i32.const 2)))
        (br $two))))

  ;; The same along columns, row after row; of an odd number of columns the last one takes the first of the next row with it, which is written anew.
  (func $alongColumns (param $from i32) (param $to i32) (param $side i32) (param $radius i32)
    (local $row i32) (local $line i32) (local $x i32) (local $first i32) (local $at i32)
    (local $in i32) (local $out i32) (local $sum v128) (local $count f64)
    (local.set $line (i32.shl (local.get $side) (i32.const 2)))
    (local.set $first (select (local.get $radius) (local.get $side) (i32.lt_s (local.get $radius) (local.get $side))))
    (local.set $count (f64.convert_i32_s (local.get $first)))
    (local.set $x (i32.const 0))
    (block $begun
      (loop $begin
        (br_if $begun (i32.ge_s (local.get $x) (local.get $line)))
        (local.set $sum (v128.const i64x2 0 0))
        (local.set $row (i32.const 0))
        (local.set $at (i32.add (local.get $from) (local.get $x)))
        (block $summed
          (loop $add
            (br_if $summed (i32.ge_s (local.get $row) (local.get $first)))
            (local.set $sum (f64x2.add (local.get $sum) (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $at)))))
            (local.set $at (i32.add (local.get $at) (local.get $line)))
            (local.set $row (i32.add (local.get $row) (i32.const 1)))
            (br $add)))
        (v128.store offset=81920 (i32.shl (local.get $x) (i32.const 1)) (local.get $sum))
        (local.set $x (i32.add (local.get $x) (i32.const 8)))
        (br $begin)))
    (local.set $row (i32.const 0))
    (block $ended
      (loop $next
        (br_if $ended (i32.ge_s (local.get $row) (local.get $side)))
        (local.set $in (i32.const 0))
        (local.set $out (i32.const 0))
        (if (i32.lt_s (i32.add (local.get $row) (local.get $radius)) (local.get $side))
          (then
            (local.set $in (i32.const 1))
            (local.set $count (f64.add (local.get $count) (f64.const 1)))))
        (if (i32.gt_s (local.get $row) (local.get $radius))
          (then
            (local.set $out (i32.const 1))
            (local.set $count (f64.sub (local.get $count) (f64.const 1)))))
        (local.set $x (i32.const 0))
        (block $across
          (loop $two
            (br_if $across (i32.ge_s (local.get $x) (local.get $line)))
            (local.set $sum (v128.load offset=81920 (i32.shl (local.get $x) (i32.const 1))))
            (local.set $at (i32.add (local.get $x)
              (i32.add (local.get $from) (i32.mul (local.get $line) (i32.add (local.get $row) (local.get $radius))))))
            (if (local.get $in)
              (then
                (local.set $sum (f64x2.add (local.get $sum)
                  (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $at)))))))
            (if (local.get $out)
              (then
                (local.set $at (i32.sub (local.get $at)
                  (i32.mul (local.get $line) (i32.add (i32.shl (local.get $radius) (i32.const 1)) (i32.const 1)))))
                (local.set $sum (f64x2.sub (local.get $sum)
                  (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $at)))))))
            (v128.store offset=81920 (i32.shl (local.get $x) (i32.const 1)) (local.get $sum))
            (v128.store64_lane 0
              (i32.add (local.get $x) (i32.add (local.get $to) (i32.mul (local.get $row) (local.get $line))))
              (f32x4.demote_f64x2_zero (f64x2.div (local.get $sum) (f64x2.splat (local.get $count)))))
            (local.set $x (i32.add (local.get $x) (i32.const 8)))
            (br $two)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $next))))

  ;; The picture minus its twice-applied mean, then of zero mean and unit length; all zero where less than `flat` is left of each value.
  (func (export "highPass") (param $side i32) (param $radius i32) (param $flat f64)
    (local $end i32) (local $at i32) (local $n f64) (local $mean f64) (local $energy f64) (local $value f64) (local $scale f64)
    (call $mean (local.get $side) (local.get $radius) (i32.const 0))
    (call $mean (local.get $side) (local.get $radius) (i32.const 40960))
    (local.set $end (i32.shl (i32.mul (local.get $side) (local.get $side)) (i32.const 2)))
    (local.set $n (f64.convert_i32_s (i32.mul (local.get $side) (local.get $side))))
    (block $taken
      (loop $take
        (br_if $taken (i32.ge_s (local.get $at) (local.get $end)))
        (f32.store offset=61440 (local.get $at)
          (f32.sub (f32.load (local.get $at)) (f32.load offset=40960 (local.get $at))))
        (local.set $mean (f64.add (local.get $mean) (f64.promote_f32 (f32.load offset=61440 (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $take)))
    (local.set $mean (f64.div (local.get $mean) (local.get $n)))
    (local.set $at (i32.const 0))
    (block $centred
      (loop $centre
        (br_if $centred (i32.ge_s (local.get $at) (local.get $end)))
        (f32.store offset=61440 (local.get $at)
          (f32.demote_f64 (f64.sub (f64.promote_f32 (f32.load offset=61440 (local.get $at))) (local.get $mean))))
        (local.set $value (f64.promote_f32 (f32.load offset=61440 (local.get $at))))
        (local.set $energy (f64.add (local.get $energy) (f64.mul (local.get $value) (local.get $value))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $centre)))
    (if (f64.gt (local.get $energy) (f64.mul (local.get $n) (local.get $flat)))
      (then (local.set $scale (f64.div (f64.const 1) (f64.sqrt (local.get $energy))))))
    (local.set $at (i32.const 0))
    (block $scaled
      (loop $to
        (br_if $scaled (i32.ge_s (local.get $at) (local.get $end)))
        (f32.store offset=61440 (local.get $at)
          (f32.demote_f64 (f64.mul (f64.promote_f32 (f32.load offset=61440 (local.get $at))) (local.get $scale))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $to))))

  ;; Means over squares of what lies at `from`, at 40960.
  (func $mean (export "mean") (param $side i32) (param $radius i32) (param $from i32)
    (call $alongRows (local.get $from) (i32.const 20480) (local.get $side) (local.get $radius))
    (call $alongColumns (i32.const 20480) (i32.const 40960) (local.get $side) (local.get $radius))))
