"""Learn to take harder pushes without a step, with waist and arms: augmented random search (Mania et al., 2018)."""

import gymnasium
import numpy as np

from scenarios.gym.policy_onnx import network

JOINTS, REACH = ("waist_pitch_joint", "*_shoulder_pitch_joint"), (0.5, 1.5, 1.5)
SENSES, SCALE = ("com_velocity", "com_from_reference"), np.array((0.3, 0.3, 0.05, 0.05))
SET = ("stepping=false", "duration=3.5", 'goals=[{for_time="3.5 s"}]')
KICK = 'disturbances=[{{body="pelvis",time="0.5 s",duration="0.1 s",impulse="{} N·s",direction="{} deg"}}]'


def episode(env, weights, kick, seed):
    """Mean reward of a step after a push (impulse, direction); about 1 when it stays upright."""
    (seen, info), total = env.reset(options={"seed": seed, "overrides": (*SET, KICK.format(*kick))}), 0.0
    while not info["end"]:
        seen, reward, _, _, info = env.step(np.tanh(weights @ (seen / SCALE)))
        total += reward / 175
    return total


def main(rounds=25, pairs=6, spread=0.4, rate=1.3, out="arms.onnx"):
    """Try changes in pairs, one against the other, and go where it is better; writes the policy, gives the curve."""
    env, rng = gymnasium.make("draisine/Stand-v0", joints=JOINTS, reach=REACH, senses=SENSES), np.random.default_rng(0)
    weights, curve, kicks = np.zeros((3, 4)), [], [(22.0 + i, 180 * (i % 2)) for i in range(pairs)]
    for number in range(rounds):
        curve.append(np.mean([episode(env, weights, kick, 9000 + number) for kick in kicks]))
        print(f"round {number}: {curve[-1]:.3f}", flush=True)
        changes = rng.standard_normal((pairs, 3, 4))
        up = [episode(env, weights + spread * c, k, number) for c, k in zip(changes, kicks, strict=True)]
        down = [episode(env, weights - spread * c, k, number) for c, k in zip(changes, kicks, strict=True)]
        weights = weights + rate / pairs * np.tensordot(np.subtract(up, down), changes, 1)
    np.frombuffer(network([(weights / SCALE, np.zeros(3))], env.unwrapped.interface), np.uint8).tofile(out)
    return curve


if __name__ == "__main__":
    main()
