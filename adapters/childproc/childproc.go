// Package childproc starts child servers that do not outlive us, however we end.
//
// On Linux the kernel keeps that promise, even when we are killed with SIGKILL. Elsewhere a child ends when we stop it.
package childproc

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// Child is a process that Start started.
type Child struct {
	process *os.Process
	done    chan struct{}
	err     error
}

// Start starts a command and waits for it in the background. What the caller set in SysProcAttr stays; Start adds a process
// group of its own, so that Ctrl-C in a terminal reaches us alone, and on Linux a Pdeathsig (SIGTERM unless one is set).
//
// Errors: those of exec.Cmd.Start.
func Start(cmd *exec.Cmd) (*Child, error) {
	prepare(cmd)
	child := &Child{done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// Pdeathsig is sent when the thread that forked ends, not the process. So the thread is ours until the child has ended.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		child.process = cmd.Process
		started <- nil
		child.err = cmd.Wait()
		close(child.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	return child, nil
}

// PID is the child's process id.
func (c *Child) PID() int { return c.process.Pid }

// Done is closed when the child has ended and was waited for.
func (c *Child) Done() <-chan struct{} { return c.done }

// Err says how the child ended, as exec.Cmd.Wait does. It is nil before Done is closed.
func (c *Child) Err() error {
	select {
	case <-c.done:
		return c.err
	default:
		return nil
	}
}

// Signal sends a signal to the child alone, not to its group.
//
// Errors: os.ErrProcessDone when the child has ended.
func (c *Child) Signal(sig os.Signal) error {
	if err := c.process.Signal(sig); err != nil {
		return fmt.Errorf("send %s to process %d: %w", sig, c.process.Pid, err)
	}
	return nil
}

// Stop sends a signal, waits for the child's end, and kills its process group when that takes longer than grace.
// It returns when the child has ended. A child that ended before is no error; Err says how a child ended.
//
// Errors: the child had to be killed.
func (c *Child) Stop(sig os.Signal, grace time.Duration) error {
	if err := c.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return errors.Join(err, c.kill())
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-c.done:
		return nil
	case <-timer.C:
		return errors.Join(fmt.Errorf("process %d did not end within %s of %s and was killed", c.process.Pid, grace, sig), c.kill())
	}
}

// kill ends the whole group: a grandchild that holds a pipe of ours would keep Wait from returning.
func (c *Child) kill() error {
	if err := killGroup(c.process); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill process %d: %w", c.process.Pid, err)
	}
	<-c.done
	return nil
}
