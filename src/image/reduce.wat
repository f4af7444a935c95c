;; Makes a picture of interleaved 8-bit RGB smaller in one direction, with weights of 16 bits in units of 1/4096 and the sums of the image
;; library (libvips/resample/reducev_hwy.cpp and reduceh_hwy.cpp): 2048 + sum of weight x level, shifted right by 12, held in 0 to 255. The
;; bytes in reduce-module.ts are made of this text (test/unit/image/reduce.test.ts). `plan` lies at a multiple of four: for each output row or
;; pixel two i32, the first input row or pixel and the address of its `pairs` pairs of weights. Up to 15 bytes behind a row are read and
;; written besides.
(module
  (memory (export "memory") 24)

  ;; Rows: each output row is a weighted sum of input rows; `bytes` of a row are looked at.
  (func (export "rows") (param $in i32) (param $inStride i32) (param $bytes i32) (param $plan i32) (param $pairs i32)
      (param $out i32) (param $outStride i32) (param $count i32)
    (local $x i32) (local $p i32) (local $k i32) (local $n i32) (local $first i32) (local $weights i32)
    (local $m v128) (local $a v128) (local $b v128) (local $t v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (block $end
      (loop $row
        (br_if $end (i32.eqz (local.get $count)))
        (local.set $first (i32.add (local.get $in) (i32.mul (i32.load (local.get $plan)) (local.get $inStride))))
        (local.set $weights (i32.load offset=4 (local.get $plan)))
        (local.set $x (i32.const 0))
        (block $rowEnd
          (loop $chunk
            (br_if $rowEnd (i32.ge_s (local.get $x) (local.get $bytes)))
            (local.set $p (i32.add (local.get $first) (local.get $x)))
            (local.set $k (local.get $weights))
            (local.set $n (local.get $pairs))
            (local.set $s0 (v128.const i32x4 2048 2048 2048 2048))
            (local.set $s1 (local.get $s0))
            (local.set $s2 (local.get $s0))
            (local.set $s3 (local.get $s0))
            (loop $pair
              (local.set $m (v128.load32_splat (local.get $k)))
              (local.set $a (v128.load (local.get $p)))
              (local.set $p (i32.add (local.get $p) (local.get $inStride)))
              (local.set $b (v128.load (local.get $p)))
              (local.set $p (i32.add (local.get $p) (local.get $inStride)))
              (local.set $t (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $a) (local.get $b)))
              (local.set $s0 (i32x4.add (local.get $s0) (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $t)) (local.get $m))))
              (local.set $s1 (i32x4.add (local.get $s1) (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $t)) (local.get $m))))
              (local.set $t (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $a) (local.get $b)))
              (local.set $s2 (i32x4.add (local.get $s2) (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $t)) (local.get $m))))
              (local.set $s3 (i32x4.add (local.get $s3) (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $t)) (local.get $m))))
              (local.set $k (i32.add (local.get $k) (i32.const 4)))
              (br_if $pair (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (v128.store (i32.add (local.get $out) (local.get $x))
              (i8x16.narrow_i16x8_u
                (i16x8.narrow_i32x4_s (i32x4.shr_s (local.get $s0) (i32.const 12)) (i32x4.shr_s (local.get $s1) (i32.const 12)))
                (i16x8.narrow_i32x4_s (i32x4.shr_s (local.get $s2) (i32.const 12)) (i32x4.shr_s (local.get $s3) (i32.const 12)))))
            (local.set $x (i32.add (local.get $x) (i32.const 16)))
            (br $chunk)))
        (local.set $plan (i32.add (local.get $plan) (i32.const 8)))
        (local.set $out (i32.add (local.get $out) (local.get $outStride)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $row))))

  ;; Pixels: each output pixel is a weighted sum of input pixels of its row; `count` pixels of each of `lines` rows, packed.
  (func (export "pixels") (param $in i32) (param $inStride i32) (param $lines i32) (param $plan i32) (param $pairs i32)
      (param $out i32) (param $count i32)
    (local $x i32) (local $p i32) (local $k i32) (local $n i32) (local $step i32) (local $s v128) (local $none v128)
    (block $end
      (loop $line
        (br_if $end (i32.eqz (local.get $lines)))
        (local.set $step (local.get $plan))
        (local.set $x (local.get $count))
        (loop $pixel
          (local.set $p (i32.add (local.get $in) (i32.mul (i32.load (local.get $step)) (i32.const 3))))
          (local.set $k (i32.load offset=4 (local.get $step)))
          (local.set $n (local.get $pairs))
          (local.set $s (v128.const i32x4 2048 2048 2048 2048))
          (loop $pair
            (local.set $s (i32x4.add (local.get $s) (i32x4.dot_i16x8_s
              (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16 (v128.load64_zero (local.get $p)) (local.get $none))
              (v128.load32_splat (local.get $k)))))
            (local.set $p (i32.add (local.get $p) (i32.const 6)))
            (local.set $k (i32.add (local.get $k) (i32.const 4)))
            (br_if $pair (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.set $s (i32x4.shr_s (local.get $s) (i32.const 12)))
          (local.set $s (i16x8.narrow_i32x4_s (local.get $s) (local.get $s)))
          (v128.store32_lane 0 (local.get $out) (i8x16.narrow_i16x8_u (local.get $s) (local.get $s)))
          (local.set $out (i32.add (local.get $out) (i32.const 3)))
          (local.set $step (i32.add (local.get $step) (i32.const 8)))
          (br_if $pixel (local.tee $x (i32.sub (local.get $x) (i32.const 1)))))
        (local.set $in (i32.add (local.get $in) (local.get $inStride)))
        (local.set $lines (i32.sub (local.get $lines) (i32.const 1)))
        (br $line)))))
