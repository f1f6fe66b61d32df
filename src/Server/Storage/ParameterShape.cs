using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Linq.Expressions;

namespace SingleWindowBridge.Server.Storage;

/// <summary>How the properties of a kind of object become parameters: one by one, or those of many objects as arrays.</summary>
internal sealed class ParameterShape
{
    private static readonly ConcurrentDictionary<(Type Type, string Text), Column[]> Known = new();

    /// <summary>The properties that a statement names, in its order.</summary>
    /// <exception cref="InvalidOperationException">There is no such property.</exception>
    public static Column[] Of(object parameters, string text, StatementForm form) =>
        Known.GetOrAdd((parameters.GetType(), text), static (key, form) => [.. form.Names.Select(name => ColumnOf(key.Type, name))], form);

    private static Column ColumnOf(Type owner, string name)
    {
        var property = owner.GetProperties().FirstOrDefault(each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOperationException($"{owner.Name} has no property for the parameter @{name}");

        // Enums are stored as their numbers.
        var type = property.PropertyType;
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        var stored = !inner.IsEnum ? type : inner == type ? typeof(int) : typeof(int?);
        var given = Expression.Parameter(typeof(object));
        var value = Expression.Convert(Expression.Property(Expression.Convert(given, owner), property), stored);
        var getter = Expression.Lambda(typeof(Func<,>).MakeGenericType(typeof(object), stored), value, given).Compile();
        return (Column)Activator.CreateInstance(typeof(Column<>).MakeGenericType(stored), getter)!;
    }

    /// <summary>One property.</summary>
    internal abstract class Column
    {
        /// <summary>The parameter for one object.</summary>
        public abstract void SetOne(DbParameter parameter, object from);

        /// <summary>The parameter for many: an array.</summary>
        public abstract void SetMany(DbParameter parameter, IReadOnlyList<Posted> from);
    }

    private sealed class Column<T>(Func<object, T> get) : Column
    {
        private static readonly DbType? Kind = TypeOf(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T));

        public override void SetOne(DbParameter parameter, object from)
        {
            // Said also where the value is there, so that a null does not make another statement of it.
            if (Kind is { } kind)
                parameter.DbType = kind;
            parameter.Value = (object?)get(from) ?? DBNull.Value;
        }

        public override void SetMany(DbParameter parameter, IReadOnlyList<Posted> from)
        {
            var values = new T[from.Count];
            for (var index = 0; index < values.Length; index++)
                values[index] = get(from[index].Parameters!);
            parameter.Value = values;
        }

        private static DbType? TypeOf(Type type) => Type.GetTypeCode(type) switch
        {
            TypeCode.String => DbType.String,
            TypeCode.Int64 => DbType.Int64,
            TypeCode.Int32 => DbType.Int32,
            TypeCode.Boolean => DbType.Boolean,
            TypeCode.Double => DbType.Double,
            _ when type == typeof(byte[]) => DbType.Binary,
            _ => null,
        };
    }
}
