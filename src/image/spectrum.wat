;; Energies of lines of grey levels in eight bands of fineness. The bytes in spectrum-module.ts are made of this text
;; (test/unit/image/spectrum.test.ts). Memory: 0 taps of the six short filters from the middle outwards, 3 x 9 pairs of bands; 432 those of the
;; two long ones, 16 pairs; 688 sums of squared responses, 4 pairs, which are added to (f64 all); 3072 taps once more as f32, 8 bands for each of the
;; distances 1 to 8 from the middle and 2 long ones for each of 9 to 15; that much of the memory is the module's own.
;; `four` looks at four places at a time, `spacing` bytes apart, at most 5: those of a line beside each other, or the same place of lines beside each
;; other. Their neighbours lie `stride` bytes apart from each other. It begins at place 8 of lines that are `length` levels long, whose byte is `at`;
;; the other three are `between` places further on each. The next four are `step` places and `move` bytes further on. Of lines beside each other
;; the first `lanes` are there. It gives the number of places at which the long filters were asked. No filter answers to a constant: differences from
;; the middle are all that counts, so 32 bits are enough. Up to 15 bytes behind the last line are read, and mean nothing.
;; `line` looks at `length` levels that lie `stride` bytes apart from `start` on, at every `skip`th place, two bands at a time, and gives the
;; same number: for lines that lie too far apart. Sums are taken in one fixed order.
(module
  (import "shared" "memory" (memory 1))

  ;; Of four numbers of 32 bits.
  (func $all (param $v v128) (result f64)
    (local $two v128)
    (local.set $two (f64x2.add
      (f64x2.promote_low_f32x4 (local.get $v))
      (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v)))))
    (f64.add (f64x2.extract_lane 0 (local.get $two)) (f64x2.extract_lane 1 (local.get $two))))

  (func (export "four") (param $at i32) (param $spacing i32) (param $stride i32) (param $move i32) (param $length i32)
    (param $between i32) (param $step i32) (param $lanes i32) (result i32)
    (local $lo i32) (local $hi i32) (local $tap i32) (local $end i32) (local $asked i32)
    (local $gather v128) (local $place v128) (local $steps v128) (local $short v128) (local $long v128)
    (local $middle v128) (local $p v128)
    (local $r0 v128) (local $r1 v128) (local $r2 v128) (local $r3 v128)
    (local $r4 v128) (local $r5 v128) (local $r6 v128) (local $r7 v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local $s4 v128) (local $s5 v128) (local $s6 v128) (local $s7 v128)
    (local.set $gather (v128.or
      (i32x4.mul (i32x4.splat (local.get $spacing)) (v128.const i32x4 0 1 2 3))
      (v128.const i32x4 0xffffff00 0xffffff00 0xffffff00 0xffffff00)))
    ;; A line that is not there is past its end.
    (local.set $place (v128.or
      (i32x4.add
        (v128.const i32x4 8 8 8 8)
        (i32x4.mul (i32x4.splat (local.get $between)) (v128.const i32x4 0 1 2 3)))
      (v128.and
        (i32x4.ge_s (v128.const i32x4 0 1 2 3) (i32x4.splat (local.get $lanes)))
        (v128.const i32x4 0x3fffffff 0x3fffffff 0x3fffffff 0x3fffffff))))
    (local.set $steps (i32x4.splat (local.get $step)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (i32x4.extract_lane 0 (local.get $place)) (i32.sub (local.get $length) (i32.const 8))))
        (local.set $short (i32x4.lt_s (local.get $place) (i32x4.splat (i32.sub (local.get $length) (i32.const 8)))))
        (local.set $long (v128.and
          (i32x4.gt_s (local.get $place) (v128.const i32x4 14 14 14 14))
          (i32x4.lt_s (local.get $place) (i32x4.splat (i32.sub (local.get $length) (i32.const 15))))))
        (local.set $middle (i8x16.swizzle (v128.load (local.get $at)) (local.get $gather)))
        (local.set $middle (i32x4.add (local.get $middle) (local.get $middle)))
        (local.set $r0 (v128.const i32x4 0 0 0 0))
        (local.set $r1 (v128.const i32x4 0 0 0 0))
        (local.set $r2 (v128.const i32x4 0 0 0 0))
        (local.set $r3 (v128.const i32x4 0 0 0 0))
        (local.set $r4 (v128.const i32x4 0 0 0 0))
        (local.set $r5 (v128.const i32x4 0 0 0 0))
        (local.set $r6 (v128.const i32x4 0 0 0 0))
        (local.set $r7 (v128.const i32x4 0 0 0 0))
        (local.set $lo (local.get $at))
        (local.set $hi (local.get $at))
        (local.set $tap (i32.const 3072))
        (loop $near
          (local.set $lo (i32.sub (local.get $lo) (local.get $stride)))
          (local.set $hi (i32.add (local.get $hi) (local.get $stride)))
          (local.set $p (f32x4.convert_i32x4_s (i32x4.sub
            (i32x4.add
              (i8x16.swizzle (v128.load (local.get $lo)) (local.get $gather))
              (i8x16.swizzle (v128.load (local.get $hi)) (local.get $gather)))
            (local.get $middle))))
          (local.set $r0 (f32x4.add (local.get $r0) (f32x4.mul (v128.load32_splat (local.get $tap)) (local.get $p))))
          (local.set $r1 (f32x4.add (local.get $r1) (f32x4.mul (v128.load32_splat offset=4 (local.get $tap)) (local.get $p))))
          (local.set $r2 (f32x4.add (local.get $r2) (f32x4.mul (v128.load32_splat offset=8 (local.get $tap)) (local.get $p))))
          (local.set $r3 (f32x4.add (local.get $r3) (f32x4.mul (v128.load32_splat offset=12 (local.get $tap)) (local.get $p))))
          (local.set $r4 (f32x4.add (local.get $r4) (f32x4.mul (v128.load32_splat offset=16 (local.get $tap)) (local.get $p))))
          (local.set $r5 (f32x4.add (local.get $r5) (f32x4.mul (v128.load32_splat offset=20 (local.get $tap)) (local.get $p))))
          (local.set $r6 (f32x4.add (local.get $r6) (f32x4.mul (v128.load32_splat offset=24 (local.get $tap)) (local.get $p))))
          (local.set $r7 (f32x4.add (local.get $r7) (f32x4.mul (v128.load32_splat offset=28 (local.get $tap)) (local.get $p))))
          (br_if $near (i32.lt_u (local.tee $tap (i32.add (local.get $tap) (i32.const 32))) (i32.const 3328))))
        (if (v128.any_true (local.get $long))
          (then
            (loop $far
              (local.set $lo (i32.sub (local.get $lo) (local.get $stride)))
              (local.set $hi (i32.add (local.get $hi) (local.get $stride)))
              (local.set $p (f32x4.convert_i32x4_s (i32x4.sub
                (i32x4.add
                  (i8x16.swizzle (v128.load (local.get $lo)) (local.get $gather))
                  (i8x16.swizzle (v128.load (local.get $hi)) (local.get $gather)))
                (local.get $middle))))
              (local.set $r6 (f32x4.add (local.get $r6) (f32x4.mul (v128.load32_splat (local.get $tap)) (local.get $p))))
              (local.set $r7 (f32x4.add (local.get $r7) (f32x4.mul (v128.load32_splat offset=4 (local.get $tap)) (local.get $p))))
              (br_if $far (i32.lt_u (local.tee $tap (i32.add (local.get $tap) (i32.const 8))) (i32.const 3384))))
            (local.set $r6 (v128.and (local.get $r6) (local.get $long)))
            (local.set $s6 (f32x4.add (local.get $s6) (f32x4.mul (local.get $r6) (local.get $r6))))
            (local.set $r7 (v128.and (local.get $r7) (local.get $long)))
            (local.set $s7 (f32x4.add (local.get $s7) (f32x4.mul (local.get $r7) (local.get $r7))))
            (local.set $asked (i32.add (local.get $asked) (i32.popcnt (i32x4.bitmask (local.get $long)))))))
        (local.set $r0 (v128.and (local.get $r0) (local.get $short)))
        (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $r0) (local.get $r0))))
        (local.set $r1 (v128.and (local.get $r1) (local.get $short)))
        (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $r1) (local.get $r1))))
        (local.set $r2 (v128.and (local.get $r2) (local.get $short)))
        (local.set $s2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $r2) (local.get $r2))))
        (local.set $r3 (v128.and (local.get $r3) (local.get $short)))
        (local.set $s3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $r3) (local.get $r3))))
        (local.set $r4 (v128.and (local.get $r4) (local.get $short)))
        (local.set $s4 (f32x4.add (local.get $s4) (f32x4.mul (local.get $r4) (local.get $r4))))
        (local.set $r5 (v128.and (local.get $r5) (local.get $short)))
        (local.set $s5 (f32x4.add (local.get $s5) (f32x4.mul (local.get $r5) (local.get $r5))))
        (local.set $place (i32x4.add (local.get $place) (local.get $steps)))
        (local.set $at (i32.add (local.get $at) (local.get $move)))
        (br $next)))
    (f64.store (i32.const 688) (f64.add (f64.load (i32.const 688)) (call $all (local.get $s0))))
    (f64.store (i32.const 696) (f64.add (f64.load (i32.const 696)) (call $all (local.get $s1))))
    (f64.store (i32.const 704) (f64.add (f64.load (i32.const 704)) (call $all (local.get $s2))))
    (f64.store (i32.const 712) (f64.add (f64.load (i32.const 712)) (call $all (local.get $s3))))
    (f64.store (i32.const 720) (f64.add (f64.load (i32.const 720)) (call $all (local.get $s4))))
    (f64.store (i32.const 728) (f64.add (f64.load (i32.const 728)) (call $all (local.get $s5))))
    (f64.store (i32.const 736) (f64.add (f64.load (i32.const 736)) (call $all (local.get $s6))))
    (f64.store (i32.const 744) (f64.add (f64.load (i32.const 744)) (call $all (local.get $s7))))
    (local.get $asked))

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
