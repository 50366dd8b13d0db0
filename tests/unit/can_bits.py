"""Classic CAN frames bit by bit, written by hand from ISO 11898-1: what the project's formula is held against."""


def crc15(bits):
    register = 0
    for bit in bits:
        turn = bit ^ (register >> 14)
        register = (register << 1) & 0x7FFF
        if turn:
            register ^= 0x4599
    return [register >> i & 1 for i in reversed(range(15))]


def number(value, width):
    return [value >> i & 1 for i in reversed(range(width))]


def stuffed_length(bits):
    """Length with a bit of the other kind after each five alike, which begins a run itself."""
    length, run, last = 0, 0, None
    for bit in bits:
        run = run + 1 if bit == last else 1
        last = bit
        length += 1
        if run == 5:
            length += 1
            last, run = 1 - bit, 1
    return length


def classic(arbitration, data, extended=False):
    """Bits on the bus from the start of the frame to the space after it."""
    if extended:
        head = [0, *number(arbitration >> 18, 11), 1, 1, *number(arbitration & 0x3FFFF, 18), 0, 0, 0]
    else:
        head = [0, *number(arbitration, 11), 0, 0, 0]
    body = head + number(len(data), 4) + [bit for byte in data for bit in number(byte, 8)]
    delimiter, acknowledge, end, space = 1, 2, 7, 3
    stuffed = stuffed_length(body + crc15(body))
    # A run of five at the very end of the CRC is followed by a stuff bit, too.
    return stuffed + delimiter + acknowledge + end + space
