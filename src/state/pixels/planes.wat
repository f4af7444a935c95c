;; Planes of pixels to coded bits and back. The bytes in planes-module.ts are made of this text (test/unit/state/planes.test.ts).
;; Memory: 0 the basis of the cosine transform as f64, wave after wave; 512 the place in a block of each rank; 576 ranks of seven coarser waves of
;; each rank; 1024 weights of nine surroundings of each rank, i32; 3328 how much goes on by the weighted sum; 7424 of 4,096 bits of each context
;; how many are 1, u16; 8704 a block, f64; 9728 pixels; 13824 levels, i16, wave after wave over all blocks; 22016 their sizes, u16; 30208 what is
;; counted of each context, two i32; 34816 coded bytes.
(module
  (memory (export "memory") 6)
  (global $across (mut i32) (i32.const 0))
  (global $blocks (mut i32) (i32.const 0))
  ;; The bounds between which the code lies, 31 bits, and the code where it is read.
  (global $low (export "low") (mut i32) (i32.const 0))
  (global $high (export "high") (mut i32) (i32.const 0))
  (global $code (mut i32) (i32.const 0))
  ;; The byte of which the code has seven bits.
  (global $last (mut i32) (i32.const 0))
  (global $at (export "at") (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))
  ;; Whether bits are counted by context while they are written.
  (global $counting (export "counting") (mut i32) (i32.const 0))
  ;; What is expected of a mean, and the context of the distance from it.
  (global $mean (mut i32) (i32.const 0))
  (global $context (mut i32) (i32.const 0))

  ;; Along the rows of the block: even waves are alike on both sides of the middle, odd ones opposite.
  (func $forwards
    (local $row i32) (local $end i32) (local $basis i32) (local $to i32)
    (local $a0 f64) (local $a1 f64) (local $a2 f64) (local $a3 f64) (local $b0 f64) (local $b1 f64) (local $b2 f64) (local $b3 f64)
    (local.set $row (i32.const 8704))
    (loop $rows
      (local.set $a0 (f64.add (f64.load (local.get $row)) (f64.load offset=56 (local.get $row))))
      (local.set $a1 (f64.add (f64.load offset=8 (local.get $row)) (f64.load offset=48 (local.get $row))))
      (local.set $a2 (f64.add (f64.load offset=16 (local.get $row)) (f64.load offset=40 (local.get $row))))
      (local.set $a3 (f64.add (f64.load offset=24 (local.get $row)) (f64.load offset=32 (local.get $row))))
      (local.set $b0 (f64.sub (f64.load (local.get $row)) (f64.load offset=56 (local.get $row))))
      (local.set $b1 (f64.sub (f64.load offset=8 (local.get $row)) (f64.load offset=48 (local.get $row))))
      (local.set $b2 (f64.sub (f64.load offset=16 (local.get $row)) (f64.load offset=40 (local.get $row))))
      (local.set $b3 (f64.sub (f64.load offset=24 (local.get $row)) (f64.load offset=32 (local.get $row))))
      (local.set $basis (i32.const 0))
      (local.set $to (local.get $row))
      (loop $waves
        (f64.store (local.get $to)
          (f64.add
            (f64.add
              (f64.add
                (f64.mul (f64.load (local.get $basis)) (local.get $a0))
                (f64.mul (f64.load offset=8 (local.get $basis)) (local.get $a1)))
              (f64.mul (f64.load offset=16 (local.get $basis)) (local.get $a2)))
            (f64.mul (f64.load offset=24 (local.get $basis)) (local.get $a3))))
        (f64.store offset=8 (local.get $to)
          (f64.add
            (f64.add
              (f64.add
                (f64.mul (f64.load offset=64 (local.get $basis)) (local.get $b0))
                (f64.mul (f64.load offset=72 (local.get $basis)) (local.get $b1)))
              (f64.mul (f64.load offset=80 (local.get $basis)) (local.get $b2)))
            (f64.mul (f64.load offset=88 (local.get $basis)) (local.get $b3))))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br_if $waves (i32.lt_u (local.tee $basis (i32.add (local.get $basis) (i32.const 128))) (i32.const 512))))
      (br_if $rows (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 64))) (i32.const 9216)))))

  (func $backwards
    (local $row i32) (local $basis i32) (local $left i32) (local $right i32) (local $even f64) (local $odd f64)
    (local $l0 f64) (local $l1 f64) (local $l2 f64) (local $l3 f64) (local $l4 f64) (local $l5 f64) (local $l6 f64) (local $l7 f64)
    (local.set $row (i32.const 8704))
    (loop $rows
      (local.set $l0 (f64.load (local.get $row)))
      (local.set $l1 (f64.load offset=8 (local.get $row)))
      (local.set $l2 (f64.load offset=16 (local.get $row)))
      (local.set $l3 (f64.load offset=24 (local.get $row)))
      (local.set $l4 (f64.load offset=32 (local.get $row)))
      (local.set $l5 (f64.load offset=40 (local.get $row)))
      (local.set $l6 (f64.load offset=48 (local.get $row)))
      (local.set $l7 (f64.load offset=56 (local.get $row)))
      (local.set $basis (i32.const 0))
      (local.set $left (local.get $row))
      (local.set $right (i32.add (local.get $row) (i32.const 56)))
      (loop $places
        (local.set $even
          (f64.add
            (f64.add
              (f64.add
                (f64.mul (f64.load (local.get $basis)) (local.get $l0))
                (f64.mul (f64.load offset=128 (local.get $basis)) (local.get $l2)))
              (f64.mul (f64.load offset=256 (local.get $basis)) (local.get $l4)))
            (f64.mul (f64.load offset=384 (local.get $basis)) (local.get $l6))))
        (local.set $odd
          (f64.add
            (f64.add
              (f64.add
                (f64.mul (f64.load offset=64 (local.get $basis)) (local.get $l1))
                (f64.mul (f64.load offset=192 (local.get $basis)) (local.get $l3)))
              (f64.mul (f64.load offset=320 (local.get $basis)) (local.get $l5)))
            (f64.mul (f64.load offset=448 (local.get $basis)) (local.get $l7))))
        (f64.store (local.get $left) (f64.add (local.get $even) (local.get $odd)))
        (f64.store (local.get $right) (f64.sub (local.get $even) (local.get $odd)))
        (local.set $left (i32.add (local.get $left) (i32.const 8)))
        (local.set $right (i32.sub (local.get $right) (i32.const 8)))
        (br_if $places (i32.lt_u (local.tee $basis (i32.add (local.get $basis) (i32.const 8))) (i32.const 32))))
      (br_if $rows (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 64))) (i32.const 9216)))))

  (func $transpose
    (local $y i32) (local $x i32) (local $a i32) (local $b i32) (local $kept f64)
    (local.set $y (i32.const 1))
    (loop $rows
      (local.set $x (i32.const 0))
      (local.set $a (i32.add (i32.const 8704) (i32.shl (local.get $y) (i32.const 6))))
      (local.set $b (i32.add (i32.const 8704) (i32.shl (local.get $y) (i32.const 3))))
      (loop $places
        (local.set $kept (f64.load (local.get $a)))
        (f64.store (local.get $a) (f64.load (local.get $b)))
        (f64.store (local.get $b) (local.get $kept))
        (local.set $a (i32.add (local.get $a) (i32.const 8)))
        (local.set $b (i32.add (local.get $b) (i32.const 64)))
        (br_if $places (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $y))))
      (br_if $rows (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 1))) (i32.const 8)))))

  (func $sides (param $side i32)
    (global.set $across (i32.shr_u (local.get $side) (i32.const 3)))
    (global.set $blocks (i32.mul (global.get $across) (global.get $across))))

  ;; The first pixel of a block.
  (func $corner (param $block i32) (result i32)
    (i32.add
      (i32.add (i32.const 9728)
        (i32.shl (i32.mul (i32.div_u (local.get $block) (global.get $across)) (global.get $across)) (i32.const 6)))
      (i32.shl (i32.rem_u (local.get $block) (global.get $across)) (i32.const 3))))

  ;; Pixels to levels.
  (func (export "levels") (param $side i32) (param $step f64)
    (local $block i32) (local $from i32) (local $to i32) (local $x i32) (local $rank i32) (local $value f64) (local $floor f64)
    (call $sides (local.get $side))
    (loop $blocks
      (local.set $from (call $corner (local.get $block)))
      (local.set $to (i32.const 8704))
      (loop $rows
        (local.set $x (i32.const 0))
        (loop $places
          (f64.store (local.get $to) (f64.convert_i32_u (i32.load8_u (i32.add (local.get $from) (local.get $x)))))
          (local.set $to (i32.add (local.get $to) (i32.const 8)))
          (br_if $places (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 1))) (i32.const 8))))
        (local.set $from (i32.add (local.get $from) (local.get $side)))
        (br_if $rows (i32.lt_u (local.get $to) (i32.const 9216))))
      (call $forwards)
      (call $transpose)
      (call $forwards)
      (call $transpose)
      (local.set $rank (i32.const 0))
      (local.set $to (i32.add (i32.const 13824) (i32.shl (local.get $block) (i32.const 1))))
      (loop $ranks
        (local.set $value
          (f64.div
            (f64.load offset=8704 (i32.shl (i32.load8_u offset=512 (local.get $rank)) (i32.const 3)))
            (local.get $step)))
        (local.set $floor (f64.floor (local.get $value)))
        ;; Halves go up.
        (i32.store16 (local.get $to)
          (i32.add
            (i32.trunc_f64_s (local.get $floor))
            (f64.ge (f64.sub (local.get $value) (local.get $floor)) (f64.const 0.5))))
        (local.set $to (i32.add (local.get $to) (i32.shl (global.get $blocks) (i32.const 1))))
        (br_if $ranks (i32.lt_u (local.tee $rank (i32.add (local.get $rank) (i32.const 1))) (i32.const 64))))
      (br_if $blocks (i32.lt_u (local.tee $block (i32.add (local.get $block) (i32.const 1))) (global.get $blocks)))))

  ;; Levels to pixels, halves to the even one.
  (func (export "pixels") (param $side i32) (param $step f64)
    (local $block i32) (local $from i32) (local $to i32) (local $x i32) (local $rank i32)
    (call $sides (local.get $side))
    (loop $blocks
      (local.set $rank (i32.const 0))
      (local.set $from (i32.add (i32.const 13824) (i32.shl (local.get $block) (i32.const 1))))
      (loop $ranks
        (f64.store offset=8704 (i32.shl (i32.load8_u offset=512 (local.get $rank)) (i32.const 3))
          (f64.mul (f64.convert_i32_s (i32.load16_s (local.get $from))) (local.get $step)))
        (local.set $from (i32.add (local.get $from) (i32.shl (global.get $blocks) (i32.const 1))))
        (br_if $ranks (i32.lt_u (local.tee $rank (i32.add (local.get $rank) (i32.const 1))) (i32.const 64))))
      (call $backwards)
      (call $transpose)
      (call $backwards)
      (call $transpose)
      (local.set $to (call $corner (local.get $block)))
      (local.set $from (i32.const 8704))
      (loop $rows
        (local.set $x (i32.const 0))
        (loop $places
          (i32.store8 (i32.add (local.get $to) (local.get $x))
            (i32.trunc_f64_s
              (f64.min (f64.const 255) (f64.max (f64.const 0) (f64.nearest (f64.load (local.get $from)))))))
          (local.set $from (i32.add (local.get $from) (i32.const 8)))
          (br_if $places (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 1))) (i32.const 8))))
        (local.set $to (i32.add (local.get $to) (local.get $side)))
        (br_if $rows (i32.lt_u (local.get $from) (i32.const 9216))))
      (br_if $blocks (i32.lt_u (local.tee $block (i32.add (local.get $block) (i32.const 1))) (global.get $blocks)))))

  ;; A bit that is 1 with a likelihood of so many in 4,096.
  (func $put (param $chance i32) (param $value i32)
    (local $low i32) (local $high i32) (local $middle i32)
    (local.set $low (global.get $low))
    (local.set $high (global.get $high))
    (local.set $middle
      (i32.add (local.get $low)
        (i32.mul (i32.shr_u (i32.sub (local.get $high) (local.get $low)) (i32.const 12)) (local.get $chance))))
    (if (local.get $value)
      (then (local.set $high (local.get $middle)))
      (else (local.set $low (i32.add (local.get $middle) (i32.const 1)))))
    (block $apart
      (loop $alike
        (br_if $apart (i32.and (i32.xor (local.get $low) (local.get $high)) (i32.const 0x7f800000)))
        (i32.store8 (global.get $at) (i32.shr_u (local.get $high) (i32.const 23)))
        (global.set $at (i32.add (global.get $at) (i32.const 1)))
        (local.set $low (i32.and (i32.shl (local.get $low) (i32.const 8)) (i32.const 0x7fffffff)))
        (local.set $high (i32.or (i32.and (i32.shl (local.get $high) (i32.const 8)) (i32.const 0x7fffffff)) (i32.const 255)))
        (br $alike)))
    (global.set $low (local.get $low))
    (global.set $high (local.get $high)))

  (func $bit (param $context i32) (param $value i32)
    (local $counted i32)
    (if (global.get $counting)
      (then
        (local.set $counted (i32.shl (i32.add (i32.shl (local.get $context) (i32.const 1)) (local.get $value)) (i32.const 2)))
        (i32.store offset=30208 (local.get $counted)
          (i32.add (i32.load offset=30208 (local.get $counted)) (i32.const 1)))))
    (call $put (i32.load16_u offset=7424 (i32.shl (local.get $context) (i32.const 1))) (local.get $value)))

  ;; Bits that are as likely as not, highest first.
  (func $plain (param $value i32) (param $bits i32)
    (block $done
      (loop $each
        (br_if $done (i32.eqz (local.get $bits)))
        (local.set $bits (i32.sub (local.get $bits) (i32.const 1)))
        (call $put (i32.const 2048) (i32.and (i32.shr_u (local.get $value) (local.get $bits)) (i32.const 1)))
        (br $each))))

  ;; The next coded byte, nothing after the last.
  (func $next (result i32)
    (local $byte i32)
    (if (i32.lt_u (global.get $at) (global.get $end))
      (then
        (local.set $byte (i32.load8_u (global.get $at)))
        (global.set $at (i32.add (global.get $at) (i32.const 1)))))
    (local.get $byte))

  (func $take (param $chance i32) (result i32)
    (local $low i32) (local $high i32) (local $middle i32) (local $value i32) (local $next i32)
    (local.set $low (global.get $low))
    (local.set $high (global.get $high))
    (local.set $middle
      (i32.add (local.get $low)
        (i32.mul (i32.shr_u (i32.sub (local.get $high) (local.get $low)) (i32.const 12)) (local.get $chance))))
    (if (local.tee $value (i32.le_u (global.get $code) (local.get $middle)))
      (then (local.set $high (local.get $middle)))
      (else (local.set $low (i32.add (local.get $middle) (i32.const 1)))))
    (block $apart
      (loop $alike
        (br_if $apart (i32.and (i32.xor (local.get $low) (local.get $high)) (i32.const 0x7f800000)))
        (local.set $low (i32.and (i32.shl (local.get $low) (i32.const 8)) (i32.const 0x7fffffff)))
        (local.set $high (i32.or (i32.and (i32.shl (local.get $high) (i32.const 8)) (i32.const 0x7fffffff)) (i32.const 255)))
        (local.set $next (call $next))
        (global.set $code
          (i32.or
            (i32.and (i32.shl (global.get $code) (i32.const 8)) (i32.const 0x7fffffff))
            (i32.or
              (i32.and (i32.shl (global.get $last) (i32.const 7)) (i32.const 0xff))
              (i32.shr_u (local.get $next) (i32.const 1)))))
        (global.set $last (local.get $next))
        (br $alike)))
    (global.set $low (local.get $low))
    (global.set $high (local.get $high))
    (local.get $value))

  (func $read_bit (param $context i32) (result i32)
    (call $take (i32.load16_u offset=7424 (i32.shl (local.get $context) (i32.const 1)))))

  (func $read_plain (param $bits i32) (result i32)
    (local $value i32)
    (block $done
      (loop $each
        (br_if $done (i32.eqz (local.get $bits)))
        (local.set $bits (i32.sub (local.get $bits) (i32.const 1)))
        (local.set $value (i32.or (i32.shl (local.get $value) (i32.const 1)) (call $take (i32.const 2048))))
        (br $each)))
    (local.get $value))

  ;; How many binary digits a number has, at most eleven, then the digits after the first, which is 1.
  (func $number (param $value i32) (param $context i32)
    (local $digits i32) (local $digit i32)
    (local.set $digits (i32.sub (i32.const 32) (i32.clz (local.get $value))))
    (block $told
      (loop $each
        (call $bit (i32.add (local.get $context) (local.get $digit)) (i32.gt_u (local.get $digits) (local.get $digit)))
        (br_if $told (i32.eq (local.get $digits) (local.get $digit)))
        (br_if $each (i32.lt_u (local.tee $digit (i32.add (local.get $digit) (i32.const 1))) (i32.const 11)))))
    (if (i32.gt_u (local.get $digits) (i32.const 1))
      (then
        (local.set $digits (i32.sub (local.get $digits) (i32.const 1)))
        (call $plain (local.get $value) (local.get $digits)))))

  (func $read_number (param $context i32) (result i32)
    (local $digits i32)
    (block $told
      (loop $each
        (br_if $told (i32.eqz (call $read_bit (i32.add (local.get $context) (local.get $digits)))))
        (br_if $each (i32.lt_u (local.tee $digits (i32.add (local.get $digits) (i32.const 1))) (i32.const 11)))))
    (if (i32.lt_u (local.get $digits) (i32.const 2)) (then (return (local.get $digits))))
    (local.set $digits (i32.sub (local.get $digits) (i32.const 1)))
    (i32.or (i32.shl (i32.const 1) (local.get $digits)) (call $read_plain (local.get $digits))))

  (func $level (param $at i32) (result i32)
    (i32.load16_s offset=13824 (i32.shl (local.get $at) (i32.const 1))))

  (func $absolute (param $value i32) (result i32)
    (select (i32.sub (i32.const 0) (local.get $value)) (local.get $value) (i32.lt_s (local.get $value) (i32.const 0))))

  ;; Sets what is expected of a block's mean by those to the left and above, and the context by how much they change around.
  (func $expect (param $block i32) (param $first i32)
    (local $left i32) (local $above i32) (local $corner i32) (local $least i32) (local $most i32) (local $plane i32)
    (global.set $context (i32.const 511))
    (if (i32.eqz (i32.rem_u (local.get $block) (global.get $across)))
      (then
        (global.set $mean
          (if (result i32) (local.get $block)
            (then (call $level (i32.sub (local.get $block) (global.get $across))))
            (else (local.get $first))))
        (return)))
    (local.set $left (call $level (i32.sub (local.get $block) (i32.const 1))))
    (if (i32.lt_u (local.get $block) (global.get $across))
      (then
        (global.set $mean (local.get $left))
        (return)))
    (local.set $above (call $level (i32.sub (local.get $block) (global.get $across))))
    (local.set $corner (call $level (i32.sub (i32.sub (local.get $block) (global.get $across)) (i32.const 1))))
    (local.set $least (select (local.get $left) (local.get $above) (i32.lt_s (local.get $left) (local.get $above))))
    (local.set $most (select (local.get $above) (local.get $left) (i32.lt_s (local.get $left) (local.get $above))))
    (local.set $plane (i32.sub (i32.add (local.get $left) (local.get $above)) (local.get $corner)))
    (if (i32.le_s (local.get $corner) (local.get $least)) (then (local.set $plane (local.get $most))))
    (if (i32.ge_s (local.get $corner) (local.get $most)) (then (local.set $plane (local.get $least))))
    (global.set $mean
      (i32.shr_s
        (i32.add
          (i32.add (i32.shl (local.get $plane) (i32.const 1)) (i32.const 2))
          (i32.add (local.get $left) (local.get $above)))
        (i32.const 2)))
    ;; Contexts of means begin at 423, eleven each: by the binary digits of the changes.
    (local.set $least
      (i32.sub (i32.const 31)
        (i32.clz
          (i32.add (i32.const 1)
            (i32.add
              (call $absolute (i32.sub (local.get $left) (local.get $corner)))
              (call $absolute (i32.sub (local.get $above) (local.get $corner))))))))
    (if (i32.lt_u (local.get $least) (i32.const 8))
      (then (global.set $context (i32.add (i32.const 423) (i32.mul (local.get $least) (i32.const 11)))))))

  ;; How the means fall over a block, in the direction of the first or the second wave.
  (func $slope (param $rank i32) (param $block i32) (result i32)
    (local $place i32) (local $step i32) (local $before i32) (local $after i32) (local $fall i32)
    (if (i32.eq (local.get $rank) (i32.const 1))
      (then
        (local.set $place (i32.rem_u (local.get $block) (global.get $across)))
        (local.set $step (i32.const 1)))
      (else
        (local.set $place (i32.div_u (local.get $block) (global.get $across)))
        (local.set $step (global.get $across))))
    (local.set $before
      (i32.sub (local.get $block) (select (local.get $step) (i32.const 0) (local.get $place))))
    (local.set $after
      (i32.add (local.get $block)
        (select (local.get $step) (i32.const 0)
          (i32.lt_u (local.get $place) (i32.sub (global.get $across) (i32.const 1))))))
    (local.set $fall (i32.sub (call $level (local.get $before)) (call $level (local.get $after))))
    (select (local.get $fall) (i32.shl (local.get $fall) (i32.const 1))
      (i32.eq (i32.sub (local.get $after) (local.get $before)) (i32.shl (local.get $step) (i32.const 1)))))

  ;; Contexts of signs begin at 360: whether the wave falls as the means do.
  (func $signs (param $slope i32) (result i32)
    (local $digits i32)
    (local.set $digits
      (i32.sub (i32.const 31)
        (i32.clz (i32.add (i32.const 1) (i32.shr_u (call $absolute (local.get $slope)) (i32.const 1))))))
    (i32.add (i32.const 360) (select (local.get $digits) (i32.const 7) (i32.lt_u (local.get $digits) (i32.const 7)))))

  ;; Contexts of what is beyond fourteen steps begin at 368, eleven each: 19 of the 24 stirs share the first.
  (func $beyond (param $stir i32) (result i32)
    (i32.add (i32.const 368)
      (i32.mul (i32.const 11)
        (select (i32.sub (local.get $stir) (i32.const 19)) (i32.const 0) (i32.gt_u (local.get $stir) (i32.const 19))))))

  (func (export "begin")
    (global.set $low (i32.const 0))
    (global.set $high (i32.const 0x7fffffff))
    (global.set $at (i32.const 34816)))

  ;; Begins to read what stands at 34816.
  (func (export "open") (param $length i32)
    (global.set $low (i32.const 0))
    (global.set $high (i32.const 0x7fffffff))
    (global.set $at (i32.const 34816))
    (global.set $end (i32.add (i32.const 34816) (local.get $length)))
    (global.set $code (i32.shl (call $next) (i32.const 23)))
    (global.set $code (i32.or (global.get $code) (i32.shl (call $next) (i32.const 15))))
    (global.set $code (i32.or (global.get $code) (i32.shl (call $next) (i32.const 7))))
    (global.set $last (call $next))
    (global.set $code (i32.or (global.get $code) (i32.shr_u (global.get $last) (i32.const 1)))))

  ;; A level that is not a mean: whether there is any, its sign, and how much more than one it is.
  (func $write_level (param $level i32) (param $stir i32) (param $slope i32)
    (local $context i32) (local $more i32)
    (local.set $context (i32.mul (local.get $stir) (i32.const 15)))
    (if (i32.eqz (local.get $level))
      (then
        (call $bit (local.get $context) (i32.const 0))
        (return)))
    (call $bit (local.get $context) (i32.const 1))
    (if (local.get $slope)
      (then
        (call $bit (call $signs (local.get $slope))
          (i32.eq (i32.lt_s (local.get $level) (i32.const 0)) (i32.lt_s (local.get $slope) (i32.const 0)))))
      (else (call $plain (i32.lt_s (local.get $level) (i32.const 0)) (i32.const 1))))
    (local.set $level (call $absolute (local.get $level)))
    (local.set $more (i32.const 1))
    (loop $steps
      (call $bit (i32.add (local.get $context) (local.get $more)) (i32.gt_u (local.get $level) (local.get $more)))
      (if (i32.eq (local.get $level) (local.get $more)) (then (return)))
      (br_if $steps (i32.lt_u (local.tee $more (i32.add (local.get $more) (i32.const 1))) (i32.const 15))))
    (call $number (i32.sub (local.get $level) (i32.const 15)) (call $beyond (local.get $stir))))

  (func $read_level (param $stir i32) (param $slope i32) (result i32)
    (local $context i32) (local $negative i32) (local $size i32)
    (local.set $context (i32.mul (local.get $stir) (i32.const 15)))
    (if (i32.eqz (call $read_bit (local.get $context))) (then (return (i32.const 0))))
    (local.set $negative
      (if (result i32) (local.get $slope)
        (then (i32.eq (call $read_bit (call $signs (local.get $slope))) (i32.lt_s (local.get $slope) (i32.const 0))))
        (else (call $read_plain (i32.const 1)))))
    (local.set $size (i32.const 1))
    (block $told
      (loop $steps
        (br_if $told (i32.eqz (call $read_bit (i32.add (local.get $context) (local.get $size)))))
        (br_if $steps (i32.lt_u (local.tee $size (i32.add (local.get $size) (i32.const 1))) (i32.const 15))))
      (local.set $size (i32.add (i32.const 15) (call $read_number (call $beyond (local.get $stir))))))
    (select (i32.sub (i32.const 0) (local.get $size)) (local.get $size) (local.get $negative)))

  ;; The means of all blocks, by what is expected of each.
  (func $means (param $first i32) (param $reading i32)
    (local $block i32) (local $level i32)
    (loop $means
      (call $expect (local.get $block) (local.get $first))
      (if (local.get $reading)
        (then
          (local.set $level (call $read_number (global.get $context)))
          (if (local.get $level)
            (then
              (if (call $read_plain (i32.const 1)) (then (local.set $level (i32.sub (i32.const 0) (local.get $level)))))))
          (i32.store16 offset=13824 (i32.shl (local.get $block) (i32.const 1)) (i32.add (global.get $mean) (local.get $level))))
        (else
          (local.set $level (i32.sub (call $level (local.get $block)) (global.get $mean)))
          (call $number (call $absolute (local.get $level)) (global.get $context))
          (if (local.get $level) (then (call $plain (i32.lt_s (local.get $level) (i32.const 0)) (i32.const 1))))))
      (br_if $means (i32.lt_u (local.tee $block (i32.add (local.get $block) (i32.const 1))) (global.get $blocks)))))

  ;; Where the sizes of a coarser wave begin, by its number.
  (func $coarser (param $number i32) (result i32)
    (i32.add (i32.const 22016)
      (i32.shl (i32.mul (i32.load8_u offset=576 (local.get $number)) (global.get $blocks)) (i32.const 1))))

  ;; Levels to bits, or bits to levels. Nothing is called for what stands around a level: calls would take most of the time.
  (func $code (param $side i32) (param $first i32) (param $reading i32)
    (local $rank i32) (local $weights i32) (local $row i32) (local $column i32) (local $block i32) (local $at i32) (local $level i32) (local $slope i32)
    (local $wide i32) (local $c0 i32) (local $c1 i32) (local $left i32) (local $above i32) (local $steep i32) (local $sum i32)
    (local $p0 i32) (local $p1 i32) (local $p2 i32) (local $p3 i32) (local $p4 i32) (local $p5 i32) (local $p6 i32)
    (local $w0 i32) (local $w1 i32) (local $w2 i32) (local $w3 i32) (local $w4 i32) (local $w5 i32) (local $w6 i32) (local $w7 i32) (local $w8 i32)
    (call $sides (local.get $side))
    (memory.fill (i32.const 22016) (i32.const 0) (i32.const 8192))
    (call $means (local.get $first) (local.get $reading))
    (local.set $wide (i32.shl (global.get $across) (i32.const 1)))
    (local.set $rank (i32.const 1))
    ;; Twice the place of the level.
    (local.set $at (i32.shl (global.get $blocks) (i32.const 1)))
    (loop $ranks
      (local.set $p0 (call $coarser (i32.mul (local.get $rank) (i32.const 7))))
      (local.set $p1 (call $coarser (i32.add (i32.mul (local.get $rank) (i32.const 7)) (i32.const 1))))
      (local.set $p2 (call $coarser (i32.add (i32.mul (local.get $rank) (i32.const 7)) (i32.const 2))))
      (local.set $p3 (call $coarser (i32.add (i32.mul (local.get $rank) (i32.const 7)) (i32.const 3))))
      (local.set $p4 (call $coarser (i32.add (i32.mul (local.get $rank) (i32.const 7)) (i32.const 4))))
      (local.set $p5 (call $coarser (i32.add (i32.mul (local.get $rank) (i32.const 7)) (i32.const 5))))
      (local.set $p6 (call $coarser (i32.add (i32.mul (local.get $rank) (i32.const 7)) (i32.const 6))))
      (local.set $weights (i32.mul (local.get $rank) (i32.const 36)))
      (local.set $w0 (i32.load offset=1024 (local.get $weights)))
      (local.set $w1 (i32.load offset=1028 (local.get $weights)))
      (local.set $w2 (i32.load offset=1032 (local.get $weights)))
      (local.set $w3 (i32.load offset=1036 (local.get $weights)))
      (local.set $w4 (i32.load offset=1040 (local.get $weights)))
      (local.set $w5 (i32.load offset=1044 (local.get $weights)))
      (local.set $w6 (i32.load offset=1048 (local.get $weights)))
      (local.set $w7 (i32.load offset=1052 (local.get $weights)))
      (local.set $w8 (i32.load offset=1056 (local.get $weights)))
      (local.set $block (i32.const 0))
      (local.set $row (i32.const 0))
      (loop $rows
        (local.set $column (i32.const 0))
        (loop $columns
          (local.set $c0 (i32.load16_u (local.get $p0)))
          (local.set $c1 (i32.load16_u (local.get $p1)))
          (local.set $left
            (if (result i32) (local.get $column)
              (then (i32.load16_u offset=22014 (local.get $at)))
              (else (i32.shr_u (i32.add (local.get $c0) (local.get $c1)) (i32.const 2)))))
          (local.set $above (local.get $left))
          (if (local.get $row)
            (then
              (local.set $above (i32.load16_u offset=22016 (i32.sub (local.get $at) (local.get $wide))))
              (if (i32.eqz (local.get $column)) (then (local.set $left (local.get $above))))))
          (local.set $sum
            (i32.add
              (i32.add
                (i32.add
                  (i32.mul (local.get $w0) (local.get $left))
                  (i32.mul (local.get $w1) (local.get $above)))
                (i32.add
                  (i32.mul (local.get $w2) (local.get $c0))
                  (i32.mul (local.get $w3) (local.get $c1))))
              (i32.add
                (i32.add
                  (i32.mul (local.get $w4) (i32.load16_u (local.get $p2)))
                  (i32.mul (local.get $w5) (i32.load16_u (local.get $p3))))
                (i32.add
                  (i32.mul (local.get $w6) (i32.load16_u (local.get $p4)))
                  (i32.mul (local.get $w7) (i32.add (i32.load16_u (local.get $p5)) (i32.load16_u (local.get $p6))))))))
          (local.set $slope (i32.const 0))
          (if (i32.le_u (local.get $rank) (i32.const 2))
            (then
              (local.set $slope (call $slope (local.get $rank) (local.get $block)))
              (local.set $steep (i32.shr_u (call $absolute (local.get $slope)) (i32.const 2)))
              (local.set $sum
                (i32.add (local.get $sum)
                  (i32.mul (local.get $w8)
                    (select (local.get $steep) (i32.const 48) (i32.lt_u (local.get $steep) (i32.const 48))))))))
          (local.set $sum
            (if (result i32) (i32.lt_u (local.get $sum) (i32.const 4096))
              (then (i32.load8_u offset=3328 (local.get $sum)))
              (else (i32.const 23))))
          (if (local.get $reading)
            (then
              (local.set $level (call $read_level (local.get $sum) (local.get $slope)))
              (i32.store16 offset=13824 (local.get $at) (local.get $level)))
            (else
              (local.set $level (i32.load16_s offset=13824 (local.get $at)))
              (call $write_level (local.get $level) (local.get $sum) (local.get $slope))))
          (if (local.get $level)
            (then (i32.store16 offset=22016 (local.get $at) (call $absolute (local.get $level)))))
          (local.set $p0 (i32.add (local.get $p0) (i32.const 2)))
          (local.set $p1 (i32.add (local.get $p1) (i32.const 2)))
          (local.set $p2 (i32.add (local.get $p2) (i32.const 2)))
          (local.set $p3 (i32.add (local.get $p3) (i32.const 2)))
          (local.set $p4 (i32.add (local.get $p4) (i32.const 2)))
          (local.set $p5 (i32.add (local.get $p5) (i32.const 2)))
          (local.set $p6 (i32.add (local.get $p6) (i32.const 2)))
          (local.set $at (i32.add (local.get $at) (i32.const 2)))
          (local.set $block (i32.add (local.get $block) (i32.const 1)))
          (br_if $columns (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (global.get $across))))
        (br_if $rows (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 1))) (global.get $across))))
      (br_if $ranks (i32.lt_u (local.tee $rank (i32.add (local.get $rank) (i32.const 1))) (i32.const 64)))))

  (func (export "write") (param $side i32) (param $first i32)
    (call $code (local.get $side) (local.get $first) (i32.const 0)))

  (func (export "read") (param $side i32) (param $first i32)
    (call $code (local.get $side) (local.get $first) (i32.const 1)))
)
