"""Ride a bend that tightens, steered by a script, without a window: python examples/steer_by_script.py."""

from scenarios.live.live_ride import LiveRide


def main(seconds: float = 12.0) -> float:
    """Ride for a while [s]; gives the angle that the bicycle has turned by [rad]."""
    ride = LiveRide("ride_straight", ["start.speed=1.5", "rider.speed=1.5"])
    try:
        while ride.time < seconds and not ride.fallen:
            ride.helm.ask(turn=ride.time / seconds)  # from 0, straight on, to 1, the sharpest bend to the left
            ride.tick()
            if ride.ticks % 500 == 0:
                seen = ride.picture()
                print(f"{ride.time:4.1f} s: {seen.speed:.2f} m/s, roll {seen.roll:+.2f} rad, {seen.aside:+.2f} m aside")
        return ride.picture().heading
    finally:
        ride.close()


if __name__ == "__main__":
    main()
