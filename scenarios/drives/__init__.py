"""Tools for drives on the bench and in the robot, through any interface of python-can."""
