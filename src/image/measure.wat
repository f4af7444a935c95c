;; What is measured of a picture of interleaved 8-bit RGB. The bytes in measure-module.ts are made of this text (test/unit/image/measure.test.ts).
;; The caller says where everything lies in memory, in bytes; up to 15 bytes behind what is given are read, and behind rows of luma written.
(module
  (import "shared" "memory" (memory 1))

  ;; ITU-R BT.601 luma of `count` pixels, one byte each, sixteen at a time: 306, 601 and 117 of 1024, rounded.
  (func (export "luma") (param $in i32) (param $count i32) (param $out i32)
    (local $end i32) (local $v v128) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $redGreen v128) (local $ofRedGreen v128) (local $blue v128) (local $ofBlue v128) (local $half v128)
    (local.set $redGreen (v128.const i8x16 0 -1 1 -1 3 -1 4 -1 6 -1 7 -1 9 -1 10 -1))
    (local.set $ofRedGreen (v128.const i16x8 306 601 306 601 306 601 306 601))
    (local.set $blue (v128.const i8x16 2 -1 -1 -1 5 -1 -1 -1 8 -1 -1 -1 11 -1 -1 -1))
    (local.set $ofBlue (v128.const i16x8 117 0 117 0 117 0 117 0))
    (local.set $half (v128.const i32x4 512 512 512 512))
    (local.set $end (i32.add (local.get $out) (local.get $count)))
    (loop $next
      (local.set $v (v128.load offset=0 (local.get $in)))
      (local.set $a (i32x4.shr_u
        (i32x4.add
        (i32x4.add (local.get $half) (i32x4.dot_i16x8_s (local.get $ofRedGreen) (i8x16.swizzle (local.get $v) (local.get $redGreen))))
        (i32x4.dot_i16x8_s (local.get $ofBlue) (i8x16.swizzle (local.get $v) (local.get $blue))))
        (i32.const 10)))
      (local.set $v (v128.load offset=12 (local.get $in)))
      (local.set $b (i32x4.shr_u
        (i32x4.add
        (i32x4.add (local.get $half) (i32x4.dot_i16x8_s (local.get $ofRedGreen) (i8x16.swizzle (local.get $v) (local.get $redGreen))))
        (i32x4.dot_i16x8_s (local.get $ofBlue) (i8x16.swizzle (local.get $v) (local.get $blue))))
        (i32.const 10)))
      (local.set $v (v128.load offset=24 (local.get $in)))
      (local.set $c (i32x4.shr_u
        (i32x4.add
        (i32x4.add (local.get $half) (i32x4.dot_i16x8_s (local.get $ofRedGreen) (i8x16.swizzle (local.get $v) (local.get $redGreen))))
        (i32x4.dot_i16x8_s (local.get $ofBlue) (i8x16.swizzle (local.get $v) (local.get $blue))))
        (i32.const 10)))
      (local.set $v (v128.load offset=36 (local.get $in)))
      (local.set $d (i32x4.shr_u
        (i32x4.add
        (i32x4.add (local.get $half) (i32x4.dot_i16x8_s (local.get $ofRedGreen) (i8x16.swizzle (local.get $v) (local.get $redGreen))))
        (i32x4.dot_i16x8_s (local.get $ofBlue) (i8x16.swizzle (local.get $v) (local.get $blue))))
        (i32.const 10)))
      (v128.store (local.get $out)
        (i8x16.narrow_i16x8_u
          (i16x8.narrow_i32x4_s (local.get $a) (local.get $b))
          (i16x8.narrow_i32x4_s (local.get $c) (local.get $d))))
      (local.set $in (i32.add (local.get $in) (i32.const 48)))
      (br_if $next (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 16))) (local.get $end)))))

  ;; Means of 2 x 2 grey levels of 128 x 128, rounded: 64 x 64.
  (func (export "halve") (param $in i32) (param $out i32)
    (local $end i32) (local $row i32)
    (local.set $end (i32.add (local.get $out) (i32.const 4096)))
    (loop $line
      (local.set $row (i32.add (local.get $out) (i32.const 64)))
      (loop $next
        (v128.store (local.get $out)
          (i8x16.narrow_i16x8_u
            (i16x8.shr_u (i16x8.add (v128.const i16x8 2 2 2 2 2 2 2 2) (i16x8.add
              (i16x8.extadd_pairwise_i8x16_u (v128.load (local.get $in)))
              (i16x8.extadd_pairwise_i8x16_u (v128.load offset=128 (local.get $in))))) (i32.const 2))
            (i16x8.shr_u (i16x8.add (v128.const i16x8 2 2 2 2 2 2 2 2) (i16x8.add
              (i16x8.extadd_pairwise_i8x16_u (v128.load offset=16 (local.get $in)))
              (i16x8.extadd_pairwise_i8x16_u (v128.load offset=144 (local.get $in))))) (i32.const 2))))
        (local.set $in (i32.add (local.get $in) (i32.const 32)))
        (br_if $next (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 16))) (local.get $row))))
      (local.set $in (i32.add (local.get $in) (i32.const 128)))
      (br_if $line (i32.lt_u (local.get $out) (local.get $end)))))

  ;; The sum of four i32.
  (func $sum (param $v v128) (result i32)
    (local.set $v (i32x4.add (local.get $v) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))
    (i32.add (i32x4.extract_lane 0 (local.get $v)) (i32x4.extract_lane 1 (local.get $v))))

  ;; Sums of red, green and blue over the 16 x 16 cells of 8 x 8 pixels of a picture of 128 x 128, as i32: 256 of red, of green, of blue.
  (func (export "cells") (param $in i32) (param $out i32)
    (local $end i32) (local $row i32) (local $p i32) (local $last i32)
    (local $a v128) (local $b v128) (local $c v128)
    (local.set $end (i32.add (local.get $out) (i32.const 1024)))
    (loop $line
      (local.set $row (i32.add (local.get $out) (i32.const 64)))
      (loop $cell
        (local.set $p (local.get $in))
        (local.set $last (i32.add (local.get $in) (i32.const 3072)))
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (local.get $a))
        (local.set $c (local.get $a))
        (loop $next
          (local.set $a (i16x8.add (local.get $a) (v128.load8x8_u (local.get $p))))
          (local.set $b (i16x8.add (local.get $b) (v128.load8x8_u offset=8 (local.get $p))))
          (local.set $c (i16x8.add (local.get $c) (v128.load8x8_u offset=16 (local.get $p))))
          (br_if $next (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 384))) (local.get $last))))
        (i32.store (local.get $out) (call $sum (i32x4.add
          (i32x4.dot_i16x8_s (local.get $a) (v128.const i16x8 1 0 0 1 0 0 1 0)) (i32x4.add
          (i32x4.dot_i16x8_s (local.get $b) (v128.const i16x8 0 1 0 0 1 0 0 1))
          (i32x4.dot_i16x8_s (local.get $c) (v128.const i16x8 0 0 1 0 0 1 0 0))))))
        (i32.store offset=1024 (local.get $out) (call $sum (i32x4.add
          (i32x4.dot_i16x8_s (local.get $a) (v128.const i16x8 0 1 0 0 1 0 0 1)) (i32x4.add
          (i32x4.dot_i16x8_s (local.get $b) (v128.const i16x8 0 0 1 0 0 1 0 0))
          (i32x4.dot_i16x8_s (local.get $c) (v128.const i16x8 1 0 0 1 0 0 1 0))))))
        (i32.store offset=2048 (local.get $out) (call $sum (i32x4.add
          (i32x4.dot_i16x8_s (local.get $a) (v128.const i16x8 0 0 1 0 0 1 0 0)) (i32x4.add
          (i32x4.dot_i16x8_s (local.get $b) (v128.const i16x8 1 0 0 1 0 0 1 0))
          (i32x4.dot_i16x8_s (local.get $c) (v128.const i16x8 0 1 0 0 1 0 0 1))))))
        (local.set $in (i32.add (local.get $in) (i32.const 24)))
        (br_if $cell (i32.lt_u (local.tee $out (i32.add (local.get $out) (i32.const 4))) (local.get $row))))
      (local.set $in (i32.add (local.get $in) (i32.const 2688)))
      (br_if $line (i32.lt_u (local.get $out) (local.get $end)))))

  ;; Counts of `count` pixels as i32, which are added to: of each luma at `levels`, of each colour of 4 bits a channel (red highest) at `colours`.
  (func (export "tones") (param $in i32) (param $luma i32) (param $count i32) (param $levels i32) (param $colours i32)
    (local $at i32) (local $end i32)
    (local.set $end (i32.add (local.get $luma) (local.get $count)))
    (loop $next
      (local.set $at (i32.add (local.get $levels) (i32.shl (i32.load8_u (local.get $luma)) (i32.const 2))))
      (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
      (local.set $at (i32.add (local.get $colours)
        (i32.or (i32.shl (i32.and (i32.load8_u (local.get $in)) (i32.const 240)) (i32.const 6))
          (i32.or (i32.shl (i32.and (i32.load8_u offset=1 (local.get $in)) (i32.const 240)) (i32.const 2))
            (i32.shr_u (i32.and (i32.load8_u offset=2 (local.get $in)) (i32.const 240)) (i32.const 2))))))
      (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
      (local.set $in (i32.add (local.get $in) (i32.const 3)))
      (br_if $next (i32.lt_u (local.tee $luma (i32.add (local.get $luma) (i32.const 1))) (local.get $end))))))
