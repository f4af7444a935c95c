;; The layers of a small convolutional network, a row of pixels at a time: interleaved channels of f32. The bytes in face-net-module.ts are made of this text
;; (test/unit/image/face-net.test.ts). Pixels are worked on in groups of four: up to three behind the last are read and written besides.
(module
  (import "shared" "memory" (memory 1))

  ;; Every output channel is a bias and the weighted sum of `segments` runs of `length` numbers; then the same place of `skip` is added (0: nothing), and what is below
  ;; `floor` becomes it. The runs lie `segmentBytes` apart, those of the next pixel begin `pixelBytes` behind. `weights`: a row of all channels for each number;
  ;; `channels`: a multiple of eight.
  (func (export "dense") (param $in i32) (param $pixelBytes i32) (param $segments i32) (param $segmentBytes i32) (param $length i32)
      (param $weights i32) (param $bias i32) (param $skip i32) (param $out i32) (param $pixels i32) (param $channels i32) (param $floor f32)
    (local $rowBytes i32) (local $c i32) (local $group i32) (local $p i32) (local $end i32) (local $segment i32) (local $w i32)
    (local $second i32) (local $third i32) (local $to i32) (local $from i32) (local $start i32)
    (local $least v128) (local $w0 v128) (local $w1 v128) (local $s v128)
    (local $a0 v128) (local $a1 v128) (local $b0 v128) (local $b1 v128)
    (local $c0 v128) (local $c1 v128) (local $d0 v128) (local $d1 v128)
    (local.set $rowBytes (i32.shl (local.get $channels) (i32.const 2)))
    (local.set $second (i32.shl (local.get $pixelBytes) (i32.const 1)))
    (local.set $third (i32.add (local.get $second) (local.get $pixelBytes)))
    (local.set $least (f32x4.splat (local.get $floor)))
    (loop $eight
      (local.set $group (i32.const 0))
      (local.set $start (local.get $in))
      (loop $four
        (local.set $a0 (v128.load (i32.add (local.get $bias) (local.get $c))))
        (local.set $a1 (v128.load offset=16 (i32.add (local.get $bias) (local.get $c))))
        (local.set $b0 (local.get $a0))
        (local.set $b1 (local.get $a1))
        (local.set $c0 (local.get $a0))
        (local.set $c1 (local.get $a1))
        (local.set $d0 (local.get $a0))
        (local.set $d1 (local.get $a1))
        (local.set $w (i32.add (local.get $weights) (local.get $c)))
        (local.set $segment (i32.const 0))
        (loop $run
          (local.set $p (i32.add (local.get $start) (i32.mul (local.get $segment) (local.get $segmentBytes))))
          (local.set $end (i32.add (local.get $p) (i32.shl (local.get $length) (i32.const 2))))
          (loop $number
            (local.set $w0 (v128.load (local.get $w)))
            (local.set $w1 (v128.load offset=16 (local.get $w)))
            (local.set $s (v128.load32_splat (local.get $p)))
            (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $s) (local.get $w0))))
            (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $s) (local.get $w1))))
            (local.set $s (v128.load32_splat (i32.add (local.get $p) (local.get $pixelBytes))))
            (local.set $b0 (f32x4.add (local.get $b0) (f32x4.mul (local.get $s) (local.get $w0))))
            (local.set $b1 (f32x4.add (local.get $b1) (f32x4.mul (local.get $s) (local.get $w1))))
            (local.set $s (v128.load32_splat (i32.add (local.get $p) (local.get $second))))
            (local.set $c0 (f32x4.add (local.get $c0) (f32x4.mul (local.get $s) (local.get $w0))))
            (local.set $c1 (f32x4.add (local.get $c1) (f32x4.mul (local.get $s) (local.get $w1))))
            (local.set $s (v128.load32_splat (i32.add (local.get $p) (local.get $third))))
            (local.set $d0 (f32x4.add (local.get $d0) (f32x4.mul (local.get $s) (local.get $w0))))
            (local.set $d1 (f32x4.add (local.get $d1) (f32x4.mul (local.get $s) (local.get $w1))))
            (local.set $w (i32.add (local.get $w) (local.get $rowBytes)))
            (br_if $number (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (local.get $end))))
          (br_if $run (i32.lt_u (local.tee $segment (i32.add (local.get $segment) (i32.const 1))) (local.get $segments))))
        (local.set $to (i32.add (local.get $c) (i32.mul (local.get $group) (local.get $rowBytes))))
        (if (local.get $skip) (then
          (local.set $from (i32.add (local.get $skip) (local.get $to)))
          (local.set $a0 (f32x4.add (local.get $a0) (v128.load (local.get $from))))
          (local.set $a1 (f32x4.add (local.get $a1) (v128.load offset=16 (local.get $from))))
          (local.set $from (i32.add (local.get $from) (local.get $rowBytes)))
          (local.set $b0 (f32x4.add (local.get $b0) (v128.load (local.get $from))))
          (local.set $b1 (f32x4.add (local.get $b1) (v128.load offset=16 (local.get $from))))
          (local.set $from (i32.add (local.get $from) (local.get $rowBytes)))
          (local.set $c0 (f32x4.add (local.get $c0) (v128.load (local.get $from))))
          (local.set $c1 (f32x4.add (local.get $c1) (v128.load offset=16 (local.get $from))))
          (local.set $from (i32.add (local.get $from) (local.get $rowBytes)))
          (local.set $d0 (f32x4.add (local.get $d0) (v128.load (local.get $from))))
          (local.set $d1 (f32x4.add (local.get $d1) (v128.load offset=16 (local.get $from))))))
        (local.set $to (i32.add (local.get $out) (local.get $to)))
        (v128.store (local.get $to) (f32x4.pmax (local.get $least) (local.get $a0)))
        (v128.store offset=16 (local.get $to) (f32x4.pmax (local.get $least) (local.get $a1)))
        (local.set $to (i32.add (local.get $to) (local.get $rowBytes)))
        (v128.store (local.get $to) (f32x4.pmax (local.get $least) (local.get $b0)))
        (v128.store offset=16 (local.get $to) (f32x4.pmax (local.get $least) (local.get $b1)))
        (local.set $to (i32.add (local.get $to) (local.get $rowBytes)))
        (v128.store (local.get $to) (f32x4.pmax (local.get $least) (local.get $c0)))
        (v128.store offset=16 (local.get $to) (f32x4.pmax (local.get $least) (local.get $c1)))
        (local.set $to (i32.add (local.get $to) (local.get $rowBytes)))
        (v128.store (local.get $to) (f32x4.pmax (local.get $least) (local.get $d0)))
        (v128.store offset=16 (local.get $to) (f32x4.pmax (local.get $least) (local.get $d1)))
        (local.set $start (i32.add (local.get $start) (i32.shl (local.get $pixelBytes) (i32.const 2))))
        (br_if $four (i32.lt_u (local.tee $group (i32.add (local.get $group) (i32.const 4))) (local.get $pixels))))
      (br_if $eight (i32.lt_u (local.tee $c (i32.add (local.get $c) (i32.const 32))) (local.get $rowBytes)))))

  ;; Every channel by itself: the weighted sum of 3x3 pixels. `in`: the first of them for the first output; those of the next begin `stepBytes` behind.
  ;; `weights`: nine rows of all channels; `channels`: a multiple of four.
  (func (export "depthwise") (param $in i32) (param $rowBytes i32) (param $stepBytes i32) (param $weights i32) (param $out i32)
      (param $pixels i32) (param $channels i32)
    (local $pixelBytes i32) (local $c i32) (local $x i32) (local $to i32) (local $p i32) (local $q i32) (local $r i32) (local $two i32)
    (local $k0 v128) (local $k1 v128) (local $k2 v128) (local $k3 v128) (local $k4 v128) (local $k5 v128) (local $k6 v128) (local $k7 v128) (local $k8 v128)
    (local.set $pixelBytes (i32.shl (local.get $channels) (i32.const 2)))
    (local.set $two (i32.shl (local.get $pixelBytes) (i32.const 1)))
    (loop $four
      (local.set $p (i32.add (local.get $weights) (local.get $c)))
      (local.set $k0 (v128.load (local.get $p)))
      (local.set $k1 (v128.load (local.tee $p (i32.add (local.get $p) (local.get $pixelBytes)))))
      (local.set $k2 (v128.load (local.tee $p (i32.add (local.get $p) (local.get $pixelBytes)))))
      (local.set $k3 (v128.load (local.tee $p (i32.add (local.get $p) (local.get $pixelBytes)))))
      (local.set $k4 (v128.load (local.tee $p (i32.add (local.get $p) (local.get $pixelBytes)))))
      (local.set $k5 (v128.load (local.tee $p (i32.add (local.get $p) (local.get $pixelBytes)))))
      (local.set $k6 (v128.load (local.tee $p (i32.add (local.get $p) (local.get $pixelBytes)))))
      (local.set $k7 (v128.load (local.tee $p (i32.add (local.get $p) (local.get $pixelBytes)))))
      (local.set $k8 (v128.load (local.tee $p (i32.add (local.get $p) (local.get $pixelBytes)))))
      (local.set $p (i32.add (local.get $in) (local.get $c)))
      (local.set $to (i32.add (local.get $out) (local.get $c)))
      (local.set $x (i32.const 0))
      (loop $pixel
        (local.set $q (i32.add (local.get $p) (local.get $rowBytes)))
        (local.set $r (i32.add (local.get $q) (local.get $rowBytes)))
        (v128.store (local.get $to) (f32x4.add
          (f32x4.add
            (f32x4.add
              (f32x4.mul (v128.load (local.get $p)) (local.get $k0))
              (f32x4.mul (v128.load (i32.add (local.get $p) (local.get $pixelBytes))) (local.get $k1)))
            (f32x4.mul (v128.load (i32.add (local.get $p) (local.get $two))) (local.get $k2)))
          (f32x4.add
            (f32x4.add
              (f32x4.add
                (f32x4.mul (v128.load (local.get $q)) (local.get $k3))
                (f32x4.mul (v128.load (i32.add (local.get $q) (local.get $pixelBytes))) (local.get $k4)))
              (f32x4.mul (v128.load (i32.add (local.get $q) (local.get $two))) (local.get $k5)))
            (f32x4.add
              (f32x4.add
                (f32x4.mul (v128.load (local.get $r)) (local.get $k6))
                (f32x4.mul (v128.load (i32.add (local.get $r) (local.get $pixelBytes))) (local.get $k7)))
              (f32x4.mul (v128.load (i32.add (local.get $r) (local.get $two))) (local.get $k8))))))
        (local.set $p (i32.add (local.get $p) (local.get $stepBytes)))
        (local.set $to (i32.add (local.get $to) (local.get $pixelBytes)))
        (br_if $pixel (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $pixels))))
      (br_if $four (i32.lt_u (local.tee $c (i32.add (local.get $c) (i32.const 16))) (local.get $pixelBytes)))))

  ;; The largest of 2x2 pixels of two rows; `channels`: a multiple of four. Outputs lie `outBytes` apart.
  (func (export "pool") (param $in i32) (param $rowBytes i32) (param $out i32) (param $outBytes i32) (param $pixels i32) (param $channels i32)
    (local $pixelBytes i32) (local $c i32) (local $x i32) (local $p i32) (local $q i32)
    (local.set $pixelBytes (i32.shl (local.get $channels) (i32.const 2)))
    (loop $pixel
      (local.set $c (i32.const 0))
      (loop $four
        (local.set $p (i32.add (local.get $in) (local.get $c)))
        (local.set $q (i32.add (local.get $p) (local.get $rowBytes)))
        (v128.store (i32.add (local.get $out) (local.get $c)) (f32x4.pmax
          (f32x4.pmax (v128.load (local.get $p)) (v128.load (i32.add (local.get $p) (local.get $pixelBytes))))
          (f32x4.pmax (v128.load (local.get $q)) (v128.load (i32.add (local.get $q) (local.get $pixelBytes))))))
        (br_if $four (i32.lt_u (local.tee $c (i32.add (local.get $c) (i32.const 16))) (local.get $pixelBytes))))
      (local.set $in (i32.add (local.get $in) (i32.shl (local.get $pixelBytes) (i32.const 1))))
      (local.set $out (i32.add (local.get $out) (local.get $outBytes)))
      (br_if $pixel (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $pixels))))))
