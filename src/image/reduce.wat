;; Makes a picture of interleaved 8-bit RGB smaller, with the sums of the image library. The bytes in reduce-module.ts are made of this text
;; (test/unit/image/reduce.test.ts). Means: a number more than half of them, and their sum, times 2^24 by that number, shifted right by 24
;; (libvips/resample/shrinkv_hwy.cpp and shrinkh_hwy.cpp). Weighted sums: weights of 16 bits in units of 1/4096, 2048 and the sum of weight x level,
;; shifted right by 12, held in 0 to 255 (reducev_hwy.cpp and reduceh_hwy.cpp). `plan`: for each output row or pixel two i32, the first input row or
;; pixel and the place of its `pairs` pairs of weights, counted from the plan on. Up to 15 bytes behind a row are read and written besides.
(module
  (import "shared" "memory" (memory 1))

  ;; Each of `count` output rows is the mean of `many` rows, two to 256; behind the last of `rows` that one is repeated.
  (func (export "averageRows") (param $in i32) (param $inStride i32) (param $bytes i32) (param $rows i32) (param $many i32)
      (param $out i32) (param $outStride i32) (param $count i32)
    (local $x i32) (local $n i32) (local $p i32) (local $last i32) (local $share v128) (local $amend v128)
    (local $a v128) (local $low v128) (local $high v128)
    (local.set $last (i32.add (local.get $in) (i32.mul (i32.sub (local.get $rows) (i32.const 1)) (local.get $inStride))))
    (local.set $share (i32x4.splat (i32.div_u (i32.const 16777216) (local.get $many))))
    (local.set $amend (i16x8.splat (i32.shr_u (local.get $many) (i32.const 1))))
    (loop $row
      (local.set $x (i32.const 0))
      (loop $chunk
        (local.set $p (local.get $in))
        (local.set $n (local.get $many))
        (local.set $low (local.get $amend))
        (local.set $high (local.get $amend))
        (loop $next
          (local.set $a (v128.load (i32.add (local.get $x)
            (select (local.get $p) (local.get $last) (i32.lt_u (local.get $p) (local.get $last))))))
          (local.set $low (i16x8.add (local.get $low) (i16x8.extend_low_i8x16_u (local.get $a))))
          (local.set $high (i16x8.add (local.get $high) (i16x8.extend_high_i8x16_u (local.get $a))))
          (local.set $p (i32.add (local.get $p) (local.get $inStride)))
          (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (v128.store (i32.add (local.get $out) (local.get $x))
          (i8x16.narrow_i16x8_u
            (i16x8.narrow_i32x4_u
              (i32x4.shr_u (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $low)) (local.get $share)) (i32.const 24))
              (i32x4.shr_u (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $low)) (local.get $share)) (i32.const 24)))
            (i16x8.narrow_i32x4_u
              (i32x4.shr_u (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $high)) (local.get $share)) (i32.const 24))
              (i32x4.shr_u (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $high)) (local.get $share)) (i32.const 24)))))
        (br_if $chunk (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $bytes))))
      (local.set $in (local.get $p))
      (local.set $out (i32.add (local.get $out) (local.get $outStride)))
      (br_if $row (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))

  ;; The places of rows, the first one `before` times more and the last one `behind` times more, as i32 at `out`.
  (func (export "placesOfRows") (param $in i32) (param $stride i32) (param $before i32) (param $rows i32) (param $behind i32) (param $out i32)
    (local $y i32) (local $end i32) (local $last i32)
    (local.set $y (i32.sub (i32.const 0) (local.get $before)))
    (local.set $end (i32.add (local.get $rows) (local.get $behind)))
    (local.set $last (i32.sub (local.get $rows) (i32.const 1)))
    (loop $next
      (i32.store (local.get $out) (i32.add (local.get $in) (i32.mul (local.get $stride)
        (select (i32.const 0)
          (select (local.get $y) (local.get $last) (i32.lt_s (local.get $y) (local.get $last)))
          (i32.lt_s (local.get $y) (i32.const 0))))))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br_if $next (i32.lt_s (local.tee $y (i32.add (local.get $y) (i32.const 1))) (local.get $end)))))

  ;; Rows: each output row is a weighted sum of input rows, whose places lie at `in`; `bytes` of a row are looked at.
  (func (export "rows") (param $in i32) (param $bytes i32) (param $plan i32) (param $pairs i32)
      (param $out i32) (param $outStride i32) (param $count i32)
    (local $step i32) (local $x i32) (local $p i32) (local $k i32) (local $n i32) (local $first i32) (local $weights i32)
    (local $m v128) (local $a v128) (local $b v128) (local $t v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $step (local.get $plan))
    (loop $row
      (local.set $first (i32.add (local.get $in) (i32.shl (i32.load (local.get $step)) (i32.const 2))))
      (local.set $weights (i32.add (local.get $plan) (i32.load offset=4 (local.get $step))))
      (local.set $x (i32.const 0))
      (loop $chunk
        (local.set $p (local.get $first))
        (local.set $k (local.get $weights))
        (local.set $n (local.get $pairs))
        (local.set $s0 (v128.const i32x4 2048 2048 2048 2048))
        (local.set $s1 (local.get $s0))
        (local.set $s2 (local.get $s0))
        (local.set $s3 (local.get $s0))
        (loop $pair
          (local.set $m (v128.load32_splat (local.get $k)))
          (local.set $a (v128.load (i32.add (i32.load (local.get $p)) (local.get $x))))
          (local.set $b (v128.load (i32.add (i32.load offset=4 (local.get $p)) (local.get $x))))
          (local.set $t (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $a) (local.get $b)))
          (local.set $s0 (i32x4.add (local.get $s0) (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $t)) (local.get $m))))
          (local.set $s1 (i32x4.add (local.get $s1) (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $t)) (local.get $m))))
          (local.set $t (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $a) (local.get $b)))
          (local.set $s2 (i32x4.add (local.get $s2) (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_u (local.get $t)) (local.get $m))))
          (local.set $s3 (i32x4.add (local.get $s3) (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_u (local.get $t)) (local.get $m))))
          (local.set $p (i32.add (local.get $p) (i32.const 8)))
          (local.set $k (i32.add (local.get $k) (i32.const 4)))
          (br_if $pair (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (v128.store (i32.add (local.get $out) (local.get $x))
          (i8x16.narrow_i16x8_u
            (i16x8.narrow_i32x4_s (i32x4.shr_s (local.get $s0) (i32.const 12)) (i32x4.shr_s (local.get $s1) (i32.const 12)))
            (i16x8.narrow_i32x4_s (i32x4.shr_s (local.get $s2) (i32.const 12)) (i32x4.shr_s (local.get $s3) (i32.const 12)))))
        (br_if $chunk (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $bytes))))
      (local.set $step (i32.add (local.get $step) (i32.const 8)))
      (local.set $out (i32.add (local.get $out) (local.get $outStride)))
      (br_if $row (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))

  ;; Each of `lines` rows made of the means of its own pixels, in place: `count` means of `many` pixels; behind the last of `pixels` that one is repeated.
  (func (export "averagePixels") (param $at i32) (param $stride i32) (param $lines i32) (param $pixels i32) (param $many i32) (param $count i32)
    (local $p i32) (local $to i32) (local $x i32) (local $n i32) (local $last i32) (local $share v128) (local $amend v128) (local $s v128)
    (local.set $share (i32x4.splat (i32.div_u (i32.const 16777216) (local.get $many))))
    (local.set $amend (i32x4.splat (i32.shr_u (local.get $many) (i32.const 1))))
    (loop $line
      (local.set $p (local.get $at))
      (local.set $to (local.get $at))
      (local.set $last (i32.add (local.get $at) (i32.mul (i32.sub (local.get $pixels) (i32.const 1)) (i32.const 3))))
      (local.set $x (local.get $count))
      (loop $pixel
        (local.set $s (local.get $amend))
        (local.set $n (local.get $many))
        (loop $next
          (local.set $s (i32x4.add (local.get $s) (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u
            (v128.load32_zero (select (local.get $p) (local.get $last) (i32.lt_u (local.get $p) (local.get $last))))))))
          (local.set $p (i32.add (local.get $p) (i32.const 3)))
          (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.set $s (i32x4.shr_u (i32x4.mul (local.get $s) (local.get $share)) (i32.const 24)))
        (local.set $s (i16x8.narrow_i32x4_u (local.get $s) (local.get $s)))
        (local.set $s (i8x16.narrow_i16x8_u (local.get $s) (local.get $s)))
        (v128.store16_lane 0 (local.get $to) (local.get $s))
        (v128.store8_lane offset=2 2 (local.get $to) (local.get $s))
        (local.set $to (i32.add (local.get $to) (i32.const 3)))
        (br_if $pixel (local.tee $x (i32.sub (local.get $x) (i32.const 1)))))
      (local.set $at (i32.add (local.get $at) (local.get $stride)))
      (br_if $line (local.tee $lines (i32.sub (local.get $lines) (i32.const 1))))))

  ;; The first pixel of each row repeated before it, `before` times, and the last one behind it; `at` is the first pixel of the first row.
  (func (export "repeatEnds") (param $at i32) (param $stride i32) (param $lines i32) (param $pixels i32) (param $before i32) (param $behind i32)
    (local $p i32) (local $n i32) (local $low i32) (local $high i32)
    (loop $line
      (local.set $low (i32.load16_u (local.get $at)))
      (local.set $high (i32.load8_u offset=2 (local.get $at)))
      (local.set $p (local.get $at))
      (if (local.tee $n (local.get $before)) (then
        (loop $next
          (local.set $p (i32.sub (local.get $p) (i32.const 3)))
          (i32.store16 (local.get $p) (local.get $low))
          (i32.store8 offset=2 (local.get $p) (local.get $high))
          (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
      (local.set $p (i32.add (local.get $at) (i32.mul (i32.const 3) (local.get $pixels))))
      (local.set $low (i32.load16_u (i32.sub (local.get $p) (i32.const 3))))
      (local.set $high (i32.load8_u (i32.sub (local.get $p) (i32.const 1))))
      (local.set $n (local.get $behind))
      (loop $next
        (i32.store16 (local.get $p) (local.get $low))
        (i32.store8 offset=2 (local.get $p) (local.get $high))
        (local.set $p (i32.add (local.get $p) (i32.const 3)))
        (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.set $at (i32.add (local.get $at) (local.get $stride)))
      (br_if $line (local.tee $lines (i32.sub (local.get $lines) (i32.const 1))))))

  ;; Pixels: each output pixel is a weighted sum of input pixels of its row; `count` pixels of each row, packed. Four rows at a time, so that
  ;; `fours` x 4 rows are read and written.
  (func (export "pixels") (param $in i32) (param $stride i32) (param $fours i32) (param $plan i32) (param $pairs i32)
      (param $out i32) (param $count i32)
    (local $x i32) (local $p i32) (local $q i32) (local $k i32) (local $n i32) (local $step i32) (local $two i32) (local $line i32)
    (local $m v128) (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local.set $two (i32.shl (local.get $stride) (i32.const 1)))
    (local.set $line (i32.mul (local.get $count) (i32.const 3)))
    (loop $four
      (local.set $step (local.get $plan))
      (local.set $x (local.get $count))
      (loop $pixel
        (local.set $p (i32.add (local.get $in) (i32.mul (i32.load (local.get $step)) (i32.const 3))))
        (local.set $k (i32.add (local.get $plan) (i32.load offset=4 (local.get $step))))
        (local.set $n (local.get $pairs))
        (local.set $s0 (v128.const i32x4 2048 2048 2048 2048))
        (local.set $s1 (local.get $s0))
        (local.set $s2 (local.get $s0))
        (local.set $s3 (local.get $s0))
        (loop $pair
          (local.set $m (v128.load32_splat (local.get $k)))
          (local.set $q (i32.add (local.get $p) (local.get $two)))
          (local.set $s0 (i32x4.add (local.get $s0) (i32x4.dot_i16x8_s (local.get $m)
            (i8x16.swizzle (v128.load64_zero (local.get $p)) (v128.const i8x16 0 -1 3 -1 1 -1 4 -1 2 -1 5 -1 -1 -1 -1 -1)))))
          (local.set $s1 (i32x4.add (local.get $s1) (i32x4.dot_i16x8_s (local.get $m)
            (i8x16.swizzle (v128.load64_zero (i32.add (local.get $p) (local.get $stride))) (v128.const i8x16 0 -1 3 -1 1 -1 4 -1 2 -1 5 -1 -1 -1 -1 -1)))))
          (local.set $s2 (i32x4.add (local.get $s2) (i32x4.dot_i16x8_s (local.get $m)
            (i8x16.swizzle (v128.load64_zero (local.get $q)) (v128.const i8x16 0 -1 3 -1 1 -1 4 -1 2 -1 5 -1 -1 -1 -1 -1)))))
          (local.set $s3 (i32x4.add (local.get $s3) (i32x4.dot_i16x8_s (local.get $m)
            (i8x16.swizzle (v128.load64_zero (i32.add (local.get $q) (local.get $stride))) (v128.const i8x16 0 -1 3 -1 1 -1 4 -1 2 -1 5 -1 -1 -1 -1 -1)))))
          (local.set $p (i32.add (local.get $p) (i32.const 6)))
          (local.set $k (i32.add (local.get $k) (i32.const 4)))
          (br_if $pair (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.set $s0 (i8x16.narrow_i16x8_u
          (i16x8.narrow_i32x4_s (i32x4.shr_s (local.get $s0) (i32.const 12)) (i32x4.shr_s (local.get $s1) (i32.const 12)))
          (i16x8.narrow_i32x4_s (i32x4.shr_s (local.get $s2) (i32.const 12)) (i32x4.shr_s (local.get $s3) (i32.const 12)))))
        (local.set $p (i32.add (local.get $out) (local.get $line)))
        (local.set $q (i32.add (local.get $p) (local.get $line)))
        (local.set $k (i32.add (local.get $q) (local.get $line)))
        (if (i32.gt_u (local.get $x) (i32.const 1))
          (then
            (v128.store32_lane 0 (local.get $out) (local.get $s0))
            (v128.store32_lane 1 (local.get $p) (local.get $s0))
            (v128.store32_lane 2 (local.get $q) (local.get $s0))
            (v128.store32_lane 3 (local.get $k) (local.get $s0)))
          (else
            (v128.store16_lane 0 (local.get $out) (local.get $s0))
            (v128.store8_lane offset=2 2 (local.get $out) (local.get $s0))
            (v128.store16_lane 2 (local.get $p) (local.get $s0))
            (v128.store8_lane offset=2 6 (local.get $p) (local.get $s0))
            (v128.store16_lane 4 (local.get $q) (local.get $s0))
            (v128.store8_lane offset=2 10 (local.get $q) (local.get $s0))
            (v128.store16_lane 6 (local.get $k) (local.get $s0))
            (v128.store8_lane offset=2 14 (local.get $k) (local.get $s0))))
        (local.set $out (i32.add (local.get $out) (i32.const 3)))
        (local.set $step (i32.add (local.get $step) (i32.const 8)))
        (br_if $pixel (local.tee $x (i32.sub (local.get $x) (i32.const 1)))))
      (local.set $in (i32.add (local.get $in) (i32.shl (local.get $two) (i32.const 1))))
      (local.set $out (i32.add (local.get $out) (i32.mul (local.get $line) (i32.const 3))))
      (br_if $four (local.tee $fours (i32.sub (local.get $fours) (i32.const 1)))))))
