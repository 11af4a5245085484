namespace ForwardForward.Learning;

/// <summary>
/// What a spec may name of one kind: ours, and what a host or a plug-in adds. Thread-safe; a name stays what it is once it is taken.
/// </summary>
/// <typeparam name="T">What makes it, of the spec.</typeparam>
public sealed class Registry<T>
    where T : class
{
    private readonly string _what;
    private readonly Lock _lock = new();
    private readonly List<(string Name, T Make)> _known = [];

    /// <param name="what">For people: "goodness".</param>
    /// <param name="ours">The built-in ones, in the order in which they are listed.</param>
    internal Registry(string what, params (string Name, T Make)[] ours)
    {
        _what = what;
        _known.AddRange(ours);
    }

    /// <summary>Ours first, then the others in the order in which they came.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _known.Select(one => one.Name)];
            }
        }
    }

    /// <summary>Makes one known by a name, as specs will give it.</summary>
    /// <param name="name">A letter, then letters and digits; in any case of its letters taken by nobody.</param>
    /// <exception cref="InvalidInputException">The name cannot be used, or is taken.</exception>
    public void Add(string name, T make)
    {
        ArgumentNullException.ThrowIfNull(make);
        if (name.Length == 0 || !char.IsAsciiLetter(name[0]) || !name.All(char.IsAsciiLetterOrDigit))
        {
            throw new InvalidInputException($"'{name}' cannot be the name of a {_what}, expected a letter, then letters and digits.");
        }

        lock (_lock)
        {
            if (_known.Exists(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new InvalidInputException($"There is a {_what} '{name}' already, expected another name.");
            }

            _known.Add((name, make));
        }
    }

    /// <param name="name">In any case of its letters.</param>
    /// <exception cref="InvalidInputException">Nobody has made it known; the sentence says which there are.</exception>
    public T Get(string name)
    {
        lock (_lock)
        {
            return _known.Find(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Make ?? throw Unknown(name);
        }
    }

    private InvalidInputException Unknown(string name)
    {
        var names = _known.ConvertAll(one => one.Name);
        return new($"There is no {_what} '{name}', expected one of {string.Join(", ", names)}{Suggestion.Ending(name, names)}");
    }
}
