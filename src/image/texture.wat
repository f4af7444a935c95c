;; What a mean of 5x5 pixels leaves of 128 x 128 grey levels at `luma`: sums of its squares over the 16 x 16 cells of 8 x 8 pixels, f64, at `out`.
;; The bytes in texture-module.ts are made of this text (test/unit/image/texture.test.ts). Memory: 1024 widths of the windows of a row as f64, those of
;; two cells beside each other in turn; 2048 a row of zeros; 2176 to 2848 sums of columns and what two cells are computed of.
;; Two cells at a time; sums over a cell are taken row by row, in f64.
(module
  (import "shared" "memory" (memory 1))
  (func (export "texture") (param $luma i32) (param $out i32)
    (local $y i32) (local $x i32) (local $p i32) (local $old i32) (local $new i32) (local $cells i32) (local $i i32)
    (local $tall v128) (local $a v128) (local $b v128) (local $energy v128)
    (loop $clear
      (v128.store (i32.add (local.get $out) (local.get $i)) (v128.const i32x4 0 0 0 0))
      (br_if $clear (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (i32.const 2048))))
    ;; Sums of five rows by column, as i16 from 2192 on, zeros around them: before the first row those of rows 0 and 1.
    (v128.store (i32.const 2176) (v128.const i32x4 0 0 0 0))
    (v128.store (i32.const 2448) (v128.const i32x4 0 0 0 0))
    (loop $start
      (local.set $p (i32.add (local.get $luma) (local.get $x)))
      (v128.store offset=2192 (i32.shl (local.get $x) (i32.const 1))
        (i16x8.add (v128.load8x8_u (local.get $p)) (v128.load8x8_u offset=128 (local.get $p))))
      (br_if $start (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 8))) (i32.const 128))))
    (loop $row
      (local.set $p (i32.add (local.get $luma) (i32.shl (local.get $y) (i32.const 7))))
      (local.set $old (select (i32.sub (local.get $p) (i32.const 384)) (i32.const 2048) (i32.ge_u (local.get $y) (i32.const 3))))
      (local.set $new (select (i32.add (local.get $p) (i32.const 256)) (i32.const 2048) (i32.lt_u (local.get $y) (i32.const 126))))
      (local.set $tall (f64x2.splat (f64.convert_i32_u (i32.sub
        (select (i32.const 128) (i32.add (local.get $y) (i32.const 3)) (i32.gt_u (local.get $y) (i32.const 125)))
        (select (i32.const 0) (i32.sub (local.get $y) (i32.const 2)) (i32.lt_u (local.get $y) (i32.const 2)))))))
      (local.set $x (i32.const 0))
      (loop $column
        (local.set $i (i32.shl (local.get $x) (i32.const 1)))
        (v128.store offset=2192 (local.get $i)
          (i16x8.sub
            (i16x8.add (v128.load offset=2192 (local.get $i)) (v128.load8x8_u (i32.add (local.get $new) (local.get $x))))
            (v128.load8x8_u (i32.add (local.get $old) (local.get $x)))))
        (br_if $column (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 8))) (i32.const 128))))
      (local.set $x (i32.const 0))
      (local.set $cells (i32.add (local.get $out) (i32.shl (i32.shr_u (local.get $y) (i32.const 3)) (i32.const 7))))
      (loop $two
        ;; Sums of the windows of both cells in turn, as i32 at 2720, and their grey levels at 2784.
        (local.set $i (i32.shl (local.get $x) (i32.const 1)))
        (local.set $a (i16x8.add (v128.load offset=2192 (local.get $i)) (i16x8.add
          (i16x8.add (v128.load offset=2188 (local.get $i)) (v128.load offset=2190 (local.get $i)))
          (i16x8.add (v128.load offset=2194 (local.get $i)) (v128.load offset=2196 (local.get $i))))))
        (local.set $b (i16x8.add (v128.load offset=2208 (local.get $i)) (i16x8.add
          (i16x8.add (v128.load offset=2204 (local.get $i)) (v128.load offset=2206 (local.get $i)))
          (i16x8.add (v128.load offset=2210 (local.get $i)) (v128.load offset=2212 (local.get $i))))))
        (call $inTurn (i32.const 2720) (local.get $a) (local.get $b))
        (call $inTurn (i32.const 2784) (v128.load8x8_u (local.get $p)) (v128.load8x8_u offset=8 (local.get $p)))
        (local.set $energy (v128.load (local.get $cells)))
        (local.set $i (i32.const 0))
        (loop $pixel
          (local.set $a (f64x2.sub
            (f64x2.convert_low_i32x4_s (v128.load64_zero offset=2784 (local.get $i)))
            (f64x2.div
              (f64x2.convert_low_i32x4_s (v128.load64_zero offset=2720 (local.get $i)))
              (f64x2.mul (local.get $tall)
                (v128.load offset=1024 (i32.shl (i32.add (local.get $i) (i32.shl (local.get $x) (i32.const 2))) (i32.const 1)))))))
          (local.set $energy (f64x2.add (local.get $energy) (f64x2.mul (local.get $a) (local.get $a))))
          (br_if $pixel (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 64))))
        (v128.store (local.get $cells) (local.get $energy))
        (local.set $cells (i32.add (local.get $cells) (i32.const 16)))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (br_if $two (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (i32.const 128))))
      (br_if $row (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 1))) (i32.const 128)))))

  ;; Eight i16 of each as i32, one of $a and one of $b in turn.
  (func $inTurn (param $to i32) (param $a v128) (param $b v128)
    (local $t v128)
    (local.set $t (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $a) (local.get $b)))
    (v128.store (local.get $to) (i32x4.extend_low_i16x8_u (local.get $t)))
    (v128.store offset=16 (local.get $to) (i32x4.extend_high_i16x8_u (local.get $t)))
    (local.set $t (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $a) (local.get $b)))
    (v128.store offset=32 (local.get $to) (i32x4.extend_low_i16x8_u (local.get $t)))
    (v128.store offset=48 (local.get $to) (i32x4.extend_high_i16x8_u (local.get $t)))))
