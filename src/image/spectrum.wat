;; Energies of a line of grey levels in eight bands of fineness. The bytes in spectrum-module.ts are made of this text
;; (test/unit/image/spectrum.test.ts). Memory: 0 taps of the six short filters from the middle outwards, 3 x 9 pairs of bands; 432 those of the
;; two long ones, 16 pairs; 688 sums of squared responses, 4 pairs, which are added to (f64 all); that much of the memory is the module's own.
;; `line` looks at `length` levels that lie `stride` bytes apart from `start` on, at every `skip`th place, two bands at a time, and gives the
;; number of places at which the long filters were asked. Sums are taken in one fixed order.
(module
  (import "shared" "memory" (memory 1))
  (func (export "line") (param $start i32) (param $stride i32) (param $length i32) (param $skip i32) (result i32)
    (local $i i32) (local $at i32) (local $asked i32) (local $last i32) (local $move i32) (local $r v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local $p0 v128) (local $p1 v128) (local $p2 v128) (local $p3 v128) (local $p4 v128)
    (local $p5 v128) (local $p6 v128) (local $p7 v128) (local $p8 v128)
    (local $o1 i32) (local $o2 i32) (local $o3 i32) (local $o4 i32) (local $o5 i32)
    (local $o6 i32) (local $o7 i32) (local $o8 i32) (local $o9 i32) (local $o10 i32)
    (local $o11 i32) (local $o12 i32) (local $o13 i32) (local $o14 i32) (local $o15 i32)
    (local.set $o1 (i32.mul (local.get $stride) (i32.const 1)))
    (local.set $o2 (i32.mul (local.get $stride) (i32.const 2)))
    (local.set $o3 (i32.mul (local.get $stride) (i32.const 3)))
    (local.set $o4 (i32.mul (local.get $stride) (i32.const 4)))
    (local.set $o5 (i32.mul (local.get $stride) (i32.const 5)))
    (local.set $o6 (i32.mul (local.get $stride) (i32.const 6)))
    (local.set $o7 (i32.mul (local.get $stride) (i32.const 7)))
    (local.set $o8 (i32.mul (local.get $stride) (i32.const 8)))
    (local.set $o9 (i32.mul (local.get $stride) (i32.const 9)))
    (local.set $o10 (i32.mul (local.get $stride) (i32.const 10)))
    (local.set $o11 (i32.mul (local.get $stride) (i32.const 11)))
    (local.set $o12 (i32.mul (local.get $stride) (i32.const 12)))
    (local.set $o13 (i32.mul (local.get $stride) (i32.const 13)))
    (local.set $o14 (i32.mul (local.get $stride) (i32.const 14)))
    (local.set $o15 (i32.mul (local.get $stride) (i32.const 15)))
    (local.set $s0 (v128.load (i32.const 688)))
    (local.set $s1 (v128.load (i32.const 704)))
    (local.set $s2 (v128.load (i32.const 720)))
    (local.set $s3 (v128.load (i32.const 736)))
    (local.set $i (i32.const 8))
    (local.set $last (i32.sub (local.get $length) (i32.const 8)))
    (local.set $at (i32.add (local.get $start) (local.get $o8)))
    (local.set $move (i32.mul (local.get $stride) (local.get $skip)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $i) (local.get $last)))
        (local.set $p0 (f64x2.splat (f64.convert_i32_u (i32.load8_u (local.get $at)))))
        (local.set $p1 (f64x2.splat (f64.convert_i32_u (i32.add
          (i32.load8_u (i32.sub (local.get $at) (local.get $o1)))
          (i32.load8_u (i32.add (local.get $at) (local.get $o1)))))))
        (local.set $p2 (f64x2.splat (f64.convert_i32_u (i32.add
          (i32.load8_u (i32.sub (local.get $at) (local.get $o2)))
          (i32.load8_u (i32.add (local.get $at) (local.get $o2)))))))
        (local.set $p3 (f64x2.splat (f64.convert_i32_u (i32.add
          (i32.load8_u (i32.sub (local.get $at) (local.get $o3)))
          (i32.load8_u (i32.add (local.get $at) (local.get $o3)))))))
        (local.set $p4 (f64x2.splat (f64.convert_i32_u (i32.add
          (i32.load8_u (i32.sub (local.get $at) (local.get $o4)))
          (i32.load8_u (i32.add (local.get $at) (local.get $o4)))))))
        (local.set $p5 (f64x2.splat (f64.convert_i32_u (i32.add
          (i32.load8_u (i32.sub (local.get $at) (local.get $o5)))
          (i32.load8_u (i32.add (local.get $at) (local.get $o5)))))))
        (local.set $p6 (f64x2.splat (f64.convert_i32_u (i32.add
          (i32.load8_u (i32.sub (local.get $at) (local.get $o6)))
          (i32.load8_u (i32.add (local.get $at) (local.get $o6)))))))
        (local.set $p7 (f64x2.splat (f64.convert_i32_u (i32.add
          (i32.load8_u (i32.sub (local.get $at) (local.get $o7)))
          (i32.load8_u (i32.add (local.get $at) (local.get $o7)))))))
        (local.set $p8 (f64x2.splat (f64.convert_i32_u (i32.add
          (i32.load8_u (i32.sub (local.get $at) (local.get $o8)))
          (i32.load8_u (i32.add (local.get $at) (local.get $o8)))))))
        (local.set $r (f64x2.add
          (f64x2.add
            (f64x2.add
              (f64x2.add
                (f64x2.mul (v128.load (i32.const 0)) (local.get $p0))
                (f64x2.mul (v128.load (i32.const 16)) (local.get $p1)))
              (f64x2.mul (v128.load (i32.const 32)) (local.get $p2)))
            (f64x2.add
              (f64x2.add
                (f64x2.mul (v128.load (i32.const 48)) (local.get $p3))
                (f64x2.mul (v128.load (i32.const 64)) (local.get $p4)))
              (f64x2.mul (v128.load (i32.const 80)) (local.get $p5))))
          (f64x2.add
            (f64x2.add
              (f64x2.mul (v128.load (i32.const 96)) (local.get $p6))
              (f64x2.mul (v128.load (i32.const 112)) (local.get $p7)))
            (f64x2.mul (v128.load (i32.const 128)) (local.get $p8)))))
        (local.set $s0 (f64x2.add (local.get $s0) (f64x2.mul (local.get $r) (local.get $r))))
        (local.set $r (f64x2.add
          (f64x2.add
            (f64x2.add
              (f64x2.add
                (f64x2.mul (v128.load (i32.const 144)) (local.get $p0))
                (f64x2.mul (v128.load (i32.const 160)) (local.get $p1)))
              (f64x2.mul (v128.load (i32.const 176)) (local.get $p2)))
            (f64x2.add
              (f64x2.add
                (f64x2.mul (v128.load (i32.const 192)) (local.get $p3))
                (f64x2.mul (v128.load (i32.const 208)) (local.get $p4)))
              (f64x2.mul (v128.load (i32.const 224)) (local.get $p5))))
          (f64x2.add
            (f64x2.add
              (f64x2.mul (v128.load (i32.const 240)) (local.get $p6))
              (f64x2.mul (v128.load (i32.const 256)) (local.get $p7)))
            (f64x2.mul (v128.load (i32.const 272)) (local.get $p8)))))
        (local.set $s1 (f64x2.add (local.get $s1) (f64x2.mul (local.get $r) (local.get $r))))
        (local.set $r (f64x2.add
          (f64x2.add
            (f64x2.add
              (f64x2.add
                (f64x2.mul (v128.load (i32.const 288)) (local.get $p0))
                (f64x2.mul (v128.load (i32.const 304)) (local.get $p1)))
              (f64x2.mul (v128.load (i32.const 320)) (local.get $p2)))
            (f64x2.add
              (f64x2.add
                (f64x2.mul (v128.load (i32.const 336)) (local.get $p3))
                (f64x2.mul (v128.load (i32.const 352)) (local.get $p4)))
              (f64x2.mul (v128.load (i32.const 368)) (local.get $p5))))
          (f64x2.add
            (f64x2.add
              (f64x2.mul (v128.load (i32.const 384)) (local.get $p6))
              (f64x2.mul (v128.load (i32.const 400)) (local.get $p7)))
            (f64x2.mul (v128.load (i32.const 416)) (local.get $p8)))))
        (local.set $s2 (f64x2.add (local.get $s2) (f64x2.mul (local.get $r) (local.get $r))))
        (if
          (i32.and
            (i32.ge_s (local.get $i) (i32.const 15))
            (i32.lt_s (local.get $i) (i32.sub (local.get $length) (i32.const 15))))
          (then
            (local.set $r (f64x2.mul (v128.load (i32.const 432)) (local.get $p0)))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 448)) (local.get $p1))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 464)) (local.get $p2))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 480)) (local.get $p3))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 496)) (local.get $p4))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 512)) (local.get $p5))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 528)) (local.get $p6))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 544)) (local.get $p7))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 560)) (local.get $p8))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 576)) (f64x2.splat (f64.convert_i32_u (i32.add
                  (i32.load8_u (i32.sub (local.get $at) (local.get $o9)))
                  (i32.load8_u (i32.add (local.get $at) (local.get $o9)))))))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 592)) (f64x2.splat (f64.convert_i32_u (i32.add
                  (i32.load8_u (i32.sub (local.get $at) (local.get $o10)))
                  (i32.load8_u (i32.add (local.get $at) (local.get $o10)))))))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 608)) (f64x2.splat (f64.convert_i32_u (i32.add
                  (i32.load8_u (i32.sub (local.get $at) (local.get $o11)))
                  (i32.load8_u (i32.add (local.get $at) (local.get $o11)))))))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 624)) (f64x2.splat (f64.convert_i32_u (i32.add
                  (i32.load8_u (i32.sub (local.get $at) (local.get $o12)))
                  (i32.load8_u (i32.add (local.get $at) (local.get $o12)))))))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 640)) (f64x2.splat (f64.convert_i32_u (i32.add
                  (i32.load8_u (i32.sub (local.get $at) (local.get $o13)))
                  (i32.load8_u (i32.add (local.get $at) (local.get $o13)))))))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 656)) (f64x2.splat (f64.convert_i32_u (i32.add
                  (i32.load8_u (i32.sub (local.get $at) (local.get $o14)))
                  (i32.load8_u (i32.add (local.get $at) (local.get $o14)))))))))
            (local.set $r (f64x2.add (local.get $r)
              (f64x2.mul (v128.load (i32.const 672)) (f64x2.splat (f64.convert_i32_u (i32.add
                  (i32.load8_u (i32.sub (local.get $at) (local.get $o15)))
                  (i32.load8_u (i32.add (local.get $at) (local.get $o15)))))))))
            (local.set $s3 (f64x2.add (local.get $s3) (f64x2.mul (local.get $r) (local.get $r))))
            (local.set $asked (i32.add (local.get $asked) (i32.const 1)))))
        (local.set $i (i32.add (local.get $i) (local.get $skip)))
        (local.set $at (i32.add (local.get $at) (local.get $move)))
        (br $next)))
    (v128.store (i32.const 688) (local.get $s0))
    (v128.store (i32.const 704) (local.get $s1))
    (v128.store (i32.const 720) (local.get $s2))
    (v128.store (i32.const 736) (local.get $s3))
    (local.get $asked)))
